"""Bring the tables to this release; refuse a database that a newer release has used."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from healthspace.ops import database
from healthspace.ops.faults import CannotRun


def main(arguments: list[str]) -> int:
    """Migrate as the owner, then grant the doors what they need of Django's own tables."""
    loader = MigrationLoader(connection)
    unknown = set(loader.applied_migrations) - set(loader.disk_migrations) - set(loader.replacements)
    if unknown:
        room, name = min(unknown)
        raise CannotRun(
            f"This data was used by a newer release (step {room}.{name} is unknown here). "
            f"Start that release, or choose another HEALTHSPACE_HOME or DATABASE_URL."
        )
    call_command("migrate", verbosity=1 if "--verbose" in arguments else 0, interactive=False, skip_checks=True)
    database.grant_framework(database.conninfo(connection.settings_dict))
    return 0
