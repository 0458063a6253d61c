from django.db import migrations, models

WHOLE = "vault_person_key_whole_or_destroyed"


class Migration(migrations.Migration):

    dependencies = [("vault", "0003_archive")]

    operations = [
        migrations.RemoveConstraint(model_name="personkey", name=WHOLE),
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
                    ("archived__isnull", False), ("destroyed_at__isnull", True), ("interim__isnull", False)
                ),
                name=WHOLE,
            ),
        ),
    ]
