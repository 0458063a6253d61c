from django.db import migrations, models

TABLE = "vault_person_key"
THIS_PERSON = "person_id = NULLIF(current_setting('app.person', true), '')::uuid"


class Migration(migrations.Migration):

    dependencies = [("vault", "0004_beside_the_archive")]

    operations = [
        # `root_id` keeps its value, so a door that saved `wrapped` before the closing could write it back.
        # The worker's own policy still lets it rotate, part and restore keys.
        migrations.RunSQL(
            f"ALTER POLICY {TABLE}_change ON {TABLE} WITH CHECK ({THIS_PERSON} AND wrapped IS NULL)",
            f"ALTER POLICY {TABLE}_change ON {TABLE} WITH CHECK ({THIS_PERSON})",
        ),
        migrations.AddIndex(
            model_name="personkey",
            index=models.Index(
                fields=["person_id"],
                condition=models.Q(("destroyed_at__isnull", False)),
                name="vault_person_key_gone",
            ),
        ),
    ]
