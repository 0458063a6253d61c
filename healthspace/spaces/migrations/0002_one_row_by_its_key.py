from django.db import migrations, models

from healthspace.schema.operations import WorkerPolicies


class Migration(migrations.Migration):

    dependencies = [("spaces", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="space", name="spaces_space_one_each"),
        migrations.RunSQL(
            "UPDATE spaces_space SET id = person_id WHERE id <> person_id", migrations.RunSQL.noop, elidable=True
        ),
        migrations.AddConstraint(
            model_name="space",
            constraint=models.CheckConstraint(
                condition=models.Q(id=models.F("person_id")), name="spaces_space_one_each"
            ),
        ),
        WorkerPolicies("spaces_space", "select", "insert", "update"),
    ]
