from django.db import migrations

from healthspace.schema.operations import WorkerErases


class Migration(migrations.Migration):

    dependencies = [("enrolment", "0007_case_lines")]

    operations = [WorkerErases("enrolment_code", "enrolment_earlier_place")]
