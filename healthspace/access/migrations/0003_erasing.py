from django.db import migrations

from healthspace.schema.operations import WorkerErases


class Migration(migrations.Migration):

    dependencies = [("access", "0002_mass_ties")]

    operations = [WorkerErases("access_tie")]
