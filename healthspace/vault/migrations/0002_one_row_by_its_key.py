from django.db import migrations, models

from healthspace.schema.operations import WorkerPolicies


class Migration(migrations.Migration):

    dependencies = [("vault", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="personkey", name="vault_person_key_one"),
        migrations.RunSQL(
            "UPDATE vault_person_key SET id = person_id WHERE id <> person_id", migrations.RunSQL.noop, elidable=True
        ),
        migrations.AddConstraint(
            model_name="personkey",
            constraint=models.CheckConstraint(
                condition=models.Q(id=models.F("person_id")), name="vault_person_key_one"
            ),
        ),
        WorkerPolicies("vault_person_key", "insert"),
    ]
