"""Being the worker for a moment: its database role, and what only it may open."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import UserSettingsHolder, settings
from django.db import connection

from healthspace.ops import database


@contextmanager
def as_the_worker() -> Iterator[None]:
    """Django's own connection with the worker's database role."""
    own, own_role = dict(connection.settings_dict), settings.ROLE
    connection.close()
    connection.settings_dict.update(
        database.settings_of(settings.HOME, "worker", settings.DATABASE_URLS, str(own["NAME"]))
    )
    _set_role("worker")
    try:
        yield
    finally:
        _set_role(own_role)
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(own)


def _set_role(role: str) -> None:
    """Under every override of a setting, so that it ends with us in whichever order overrides end."""
    holder = settings._wrapped
    while isinstance(holder, UserSettingsHolder):
        holder = holder.default_settings
    holder.ROLE = role
    settings.__dict__.pop("ROLE", None)
