from django.db import migrations

from healthspace.schema.operations import WorkerErases


class Migration(migrations.Migration):

    dependencies = [("documents", "0001_initial")]

    operations = [WorkerErases("documents_document", "documents_revision", "documents_visit")]
