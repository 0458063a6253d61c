from django.db import migrations, models

WHOLE = "vault_person_key_whole_or_destroyed"


class Migration(migrations.Migration):

    dependencies = [("vault", "0002_one_row_by_its_key")]

    operations = [
        migrations.RemoveConstraint(model_name="personkey", name=WHOLE),
        migrations.AddField("personkey", "archived", models.BinaryField(max_length=160, null=True)),
        migrations.AddField("personkey", "archive_id", models.CharField(default="", db_default="", max_length=40)),
        migrations.AddField("personkey", "archived_at", models.DateTimeField(null=True)),
        migrations.AddField("personkey", "interim", models.BinaryField(max_length=128, null=True)),
        migrations.AddField("personkey", "interim_root_id", models.CharField(default="", db_default="", max_length=40)),
        migrations.AddConstraint(
            model_name="personkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("archived__isnull", True),
                    ("destroyed_at__isnull", False),
                    ("interim__isnull", True),
                    ("wrapped__isnull", True),
                )
                | models.Q(("archived__isnull", True), ("destroyed_at__isnull", True), ("wrapped__isnull", False))
                | models.Q(
                    ("archived__isnull", False),
                    ("destroyed_at__isnull", True),
                    ("interim__isnull", False),
                    ("wrapped__isnull", True),
                ),
                name=WHOLE,
            ),
        ),
        # Only the worker may put a key back: a door cannot write `root_id`, so it cannot reopen by itself.
        migrations.RunSQL(
            "GRANT UPDATE (archived, archive_id, archived_at, interim, interim_root_id)"
            " ON vault_person_key TO healthspace_app",
            migrations.RunSQL.noop,
        ),
    ]
