from django.db import migrations, models

import healthspace.common.ids
from healthspace.schema.operations import PersonStorage


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
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
                ("resource_type", models.CharField(max_length=64)),
                ("sealed_resource", models.BinaryField()),
                ("source_document_id", models.UUIDField(null=True)),
                ("source_key", models.BinaryField(max_length=32)),
                ("recorded_at", models.DateTimeField()),
                ("author_professional_id", models.UUIDField(null=True)),
                ("author_institution_id", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "profile_entry",
                "indexes": [
                    models.Index(
                        fields=["person_id", "resource_type", "-recorded_at", "-id"],
                        name="profile_by_type",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person_id", "source_key"), name="profile_source"),
                ],
            },
        ),
        PersonStorage("profile_entry", grant="SELECT, INSERT, DELETE"),
    ]
