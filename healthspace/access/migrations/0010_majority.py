from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("access", "0009_yearly_question")]

    operations = [
        AddIndexConcurrently(
            "mandate",
            models.Index(fields=["ends_at"], condition=models.Q(kind="parent"), name="access_mandate_majority"),
        ),
    ]
