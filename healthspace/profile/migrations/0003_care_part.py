from django.db import migrations, models

from healthspace.schema.operations import LocalStorage


class Migration(migrations.Migration):
    dependencies = [("profile", "0002_care_history")]

    operations = [
        migrations.CreateModel(
            name="CarePart",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
                ("number", models.IntegerField()),
                ("counts", models.JSONField(default=dict)),
            ],
            options={
                "db_table": "profile_care_part",
                "constraints": [
                    models.UniqueConstraint(fields=("digest", "number"), name="profile_care_part_once")
                ],
            },
        ),
        LocalStorage("profile_care_part"),
    ]
