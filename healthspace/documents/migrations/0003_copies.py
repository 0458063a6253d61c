import healthspace.common.ids
from django.db import migrations, models

from healthspace.schema.operations import PersonKey, PersonStorage, WorkerPolicies


class Migration(migrations.Migration):

    dependencies = [("documents", "0002_erasing")]

    operations = [
        migrations.CreateModel(
            name="SpaceCopy",
            fields=[
                ("pk", models.CompositePrimaryKey("person_id", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                ("id", models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ("state", models.CharField(choices=[("asked", "Asked"), ("ready", "Ready"), ("failed", "Failed"), ("gone", "Gone")], default="asked", max_length=8)),
                ("asked_by_kind", models.CharField(max_length=16)),
                ("asked_by_id", models.UUIDField()),
                ("asked_at", models.DateTimeField()),
                ("ready_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("sealed", models.BinaryField()),
            ],
            options={
                "db_table": "documents_copy",
                "indexes": [
                    models.Index(condition=models.Q(("state", "asked")), fields=["asked_at"], name="documents_copy_asked"),
                    models.Index(condition=models.Q(("state", "ready")), fields=["expires_at"], name="documents_copy_ready"),
                ],
            },
        ),
        PersonStorage("documents_copy"),
        WorkerPolicies("documents_copy", "select"),
        migrations.CreateModel(
            name="SpaceCopyPart",
            fields=[
                ("pk", models.CompositePrimaryKey("person_id", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                ("id", models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ("copy_id", models.UUIDField()),
                ("number", models.PositiveSmallIntegerField()),
                ("blob", models.CharField(max_length=64)),
                ("sealed", models.BinaryField()),
            ],
            options={
                "db_table": "documents_copy_part",
                "indexes": [models.Index(fields=["blob"], name="documents_copy_part_blob")],
                "constraints": [models.UniqueConstraint(fields=("person_id", "copy_id", "number"), name="documents_copy_part_once")],
            },
        ),
        PersonStorage("documents_copy_part"),
        WorkerPolicies("documents_copy_part", "select"),
        PersonKey("documents_copy_part", "copy_id", "documents_copy"),
    ]
