from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("people", "0007_clients")]

    operations = [
        AddIndexConcurrently("session", models.Index(fields=["started_at"], name="people_session_started")),
        AddIndexConcurrently("stepmark", models.Index(fields=["at"], name="people_step_mark_at")),
    ]
