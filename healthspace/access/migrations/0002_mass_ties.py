from django.db import migrations

from healthspace.schema.operations import WorkerPolicies


class Migration(migrations.Migration):

    dependencies = [("access", "0001_initial")]

    operations = [WorkerPolicies("access_tie", "select", "insert")]
