import healthspace.common.ids
from django.db import migrations, models

from healthspace.schema.operations import LocalStorage, PersonStorage, WorkerPolicies


class Migration(migrations.Migration):

    dependencies = [("enrolment", "0003_sending")]

    operations = [
        migrations.AddField("enrollee", "intake_id", models.IntegerField(null=True)),
        migrations.AddField("enrollee", "line", models.IntegerField(null=True)),
        migrations.CreateModel(
            name="IntakePart",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("intake_id", models.BigIntegerField()),
                ("number", models.IntegerField()),
                ("counts", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "enrolment_intake_part",
                "constraints": [
                    models.UniqueConstraint(fields=("intake_id", "number"), name="enrolment_intake_part_once")
                ],
            },
        ),
        LocalStorage("enrolment_intake_part"),
        migrations.CreateModel(
            name="AwaitedParent",
            fields=[
                ("pk", models.CompositePrimaryKey("person_id", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                ("id", models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ("parent_key", models.BinaryField(max_length=32)),
                ("is_attachment", models.BooleanField()),
            ],
            options={
                "db_table": "enrolment_awaited_parent",
            },
        ),
        PersonStorage("enrolment_awaited_parent", grant="SELECT, INSERT, DELETE"),
        WorkerPolicies("enrolment_awaited_parent", "select", "insert", "delete"),
    ]
