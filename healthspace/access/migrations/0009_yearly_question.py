from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("access", "0008_desk_consent")]

    operations = [
        AddIndexConcurrently(
            "delegation",
            models.Index(
                fields=["ends_at"],
                condition=models.Q(ended_at=None, reminded_at=None, accepted_at__isnull=False),
                name="access_delegation_to_ask",
            ),
        ),
    ]
