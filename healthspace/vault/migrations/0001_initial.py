from django.db import migrations, models

import healthspace.common.clock
import healthspace.common.ids
from healthspace.schema.operations import LocalStorage, PersonStorage


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PersonKey",
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
                ("wrapped", models.BinaryField(max_length=128, null=True)),
                ("root_id", models.CharField(max_length=40)),
                ("created_at", models.DateTimeField(default=healthspace.common.clock.now)),
                ("destroyed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "vault_person_key",
                "constraints": [
                    models.UniqueConstraint(fields=("person_id",), name="vault_person_key_one"),
                    models.CheckConstraint(
                        condition=models.Q(("destroyed_at__isnull", False), ("wrapped__isnull", True))
                        | models.Q(("destroyed_at__isnull", True), ("wrapped__isnull", False)),
                        name="vault_person_key_whole_or_destroyed",
                    ),
                ],
            },
        ),
        PersonStorage(
            "vault_person_key",
            grant="SELECT, INSERT, UPDATE (wrapped, destroyed_at)",
            worker=("UPDATE (wrapped, root_id)",),
            worker_reads=True,
            worker_updates=True,
        ),
        migrations.CreateModel(
            name="Root",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("root_id", models.CharField(max_length=40, unique=True)),
                ("first_used_at", models.DateTimeField(default=healthspace.common.clock.now)),
            ],
            options={"db_table": "vault_root"},
        ),
        LocalStorage("vault_root", grant="SELECT, INSERT"),
    ]
