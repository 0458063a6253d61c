import healthspace.common.ids
from django.db import migrations, models

from healthspace.schema.operations import PersonStorage


class Migration(migrations.Migration):

    dependencies = [("enrolment", "0004_intake")]

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("pk", models.CompositePrimaryKey("person_id", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                ("id", models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ("sealed", models.BinaryField()),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("wrong_tries", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("confirmed_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "enrolment_contact"},
        ),
        PersonStorage("enrolment_contact"),
    ]
