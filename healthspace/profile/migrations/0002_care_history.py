from django.db import migrations, models

import healthspace.common.ids
from healthspace.schema.operations import LEVEL, PersonStorage, WorkerPolicies


class Migration(migrations.Migration):
    dependencies = [("profile", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="CareHistory",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.UUIDField()),
                ("id", models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ("sealed", models.BinaryField()),
                ("lines", models.PositiveIntegerField()),
                ("is_hidden", models.BooleanField(default=False)),
                ("kept_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "profile_care_history",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(id=models.F("person_id")), name="profile_care_history_one"
                    ),
                ],
            },
        ),
        PersonStorage(
            "profile_care_history",
            read=(
                f"{LEVEL} IN ('gate', 'holder', 'representative', 'attending', 'emergency')"
                f" OR ({LEVEL} = 'professional' AND NOT is_hidden)"
            ),
            grant="SELECT, INSERT, UPDATE, DELETE",
        ),
        WorkerPolicies("profile_care_history", "select", "insert", "update"),
    ]
