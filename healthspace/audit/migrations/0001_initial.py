from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import healthspace.common.clock
import healthspace.common.ids
from healthspace.schema.operations import LocalStorage, PersonStorage

APP_MAY = (
    "SELECT, INSERT (person_id, id, at, kind, actor_kind, actor_id, institution_id, item_id, outcome,"
    " rule, is_hidden_from_representatives, sealed, payload_hash)"
)
NOT_HIDDEN = (
    "NOT is_hidden_from_representatives"
    " OR current_setting('app.level', true) IS DISTINCT FROM 'representative'"
)


def first_row(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute("INSERT INTO audit_tree (size, caught_up_at) VALUES (0, now())")


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.UUIDField()),
                ("id", models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=40)),
                ("actor_kind", models.CharField(max_length=16)),
                ("actor_id", models.UUIDField()),
                ("institution_id", models.UUIDField(null=True)),
                ("item_id", models.UUIDField(null=True)),
                ("outcome", models.CharField(max_length=8)),
                ("rule", models.CharField(max_length=40)),
                ("is_hidden_from_representatives", models.BooleanField(db_default=False, default=False)),
                ("sealed", models.BinaryField()),
                ("payload_hash", models.BinaryField(max_length=32)),
                ("leaf_index", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "audit_event",
                "indexes": [
                    models.Index(
                        "person_id",
                        models.OrderBy(models.F("at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="audit_event_time",
                    ),
                    models.Index(
                        "person_id",
                        "item_id",
                        models.OrderBy(models.F("at"), descending=True),
                        name="audit_event_item",
                    ),
                    models.Index(
                        condition=models.Q(("leaf_index__isnull", True)),
                        fields=["at"],
                        name="audit_event_waiting",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["done", "refused"])), name="audit_event_outcome"
                    ),
                ],
            },
        ),
        PersonStorage(
            "audit_event",
            grant=APP_MAY,
            read=NOT_HIDDEN,
            worker=("UPDATE (leaf_index)",),
            worker_reads=True,
            worker_updates=True,
        ),
        migrations.CreateModel(
            name="Tree",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("size", models.BigIntegerField(default=0)),
                ("caught_up_at", models.DateTimeField(default=healthspace.common.clock.now)),
            ],
            options={"db_table": "audit_tree"},
        ),
        LocalStorage("audit_tree", grant="SELECT", worker=("UPDATE",)),
        migrations.RunPython(first_row, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Tile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("level", models.SmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
            ],
            options={
                "db_table": "audit_tile",
                "constraints": [
                    models.UniqueConstraint(fields=("level", "number"), name="audit_tile_place"),
                ],
            },
        ),
        LocalStorage("audit_tile", grant="SELECT", worker=("INSERT, UPDATE",)),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("size", models.BigIntegerField(unique=True)),
                ("root", models.BinaryField(max_length=32)),
                ("at", models.DateTimeField()),
                ("note", models.TextField()),
                ("cosignatures", models.TextField(default="")),
            ],
            options={"db_table": "audit_checkpoint"},
        ),
        LocalStorage("audit_checkpoint", grant="SELECT", worker=("INSERT, UPDATE",)),
    ]
