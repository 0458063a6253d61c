import django.db.models
from django.db import migrations, models

import healthspace.common.ids
from healthspace.schema.operations import PersonStorage


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="WaitingFact",
            fields=[
                ("pk", models.CompositePrimaryKey("person_id", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                ("id", models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ("kind", models.CharField(max_length=80)),
                ("payload", models.JSONField()),
                ("created_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("failed_reason", models.CharField(default="", max_length=64)),
            ],
            options={
                "db_table": "outbox_fact",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_try_at__isnull", False)),
                        fields=["next_try_at"],
                        name="outbox_fact_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("done_at", None), ("next_try_at", None), _connector="OR"),
                        name="outbox_fact_done_or_waiting",
                    )
                ],
            },
        ),
        PersonStorage("outbox_fact", worker_reads=True),
    ]
