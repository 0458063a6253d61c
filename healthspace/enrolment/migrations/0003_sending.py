import healthspace.common.ids
from django.db import migrations, models

from healthspace.schema.operations import PersonStorage, WorkerPolicies


class Migration(migrations.Migration):

    dependencies = [("enrolment", "0002_opening")]

    operations = [
        migrations.AddField("wave", "day_on", models.DateField(null=True)),
        migrations.AddField("wave", "sent_that_day", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddField("batch", "planned_on", models.DateField(null=True)),
        migrations.AddField("batch", "bounced", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddField("batch", "returned", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.CreateModel(
            name="EarlierPlace",
            fields=[
                ("pk", models.CompositePrimaryKey("person_id", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                ("id", models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ("batch_id", models.BigIntegerField()),
                ("place_in_batch", models.PositiveIntegerField()),
            ],
            options={
                "db_table": "enrolment_earlier_place",
                "indexes": [models.Index(fields=["batch_id", "place_in_batch"], name="enrolment_earlier_place_batch")],
            },
        ),
        PersonStorage("enrolment_earlier_place", grant="SELECT, INSERT"),
        WorkerPolicies("enrolment_earlier_place", "select", "insert"),
    ]
