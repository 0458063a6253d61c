from django.db import migrations

from healthspace.schema.operations import WorkerPolicies


class Migration(migrations.Migration):

    dependencies = [("audit", "0001_initial")]

    operations = [WorkerPolicies("audit_event", "insert")]
