"""For whom a session acts: the holder, or somebody else; each change gives the session a new key (T08)."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import rotate_token

KEY: Final = "acting_for"
HELPS: Final = "acting_as_helper"


def begin(request: HttpRequest, person_id: UUID, *, helps: bool = False) -> None:
    """From now on this session acts for that person, as representative or as helper."""
    request.session[KEY] = str(person_id)
    request.session[HELPS] = helps
    _renew(request)


def leave(request: HttpRequest) -> None:
    """Back to the holder's own record."""
    request.session.pop(KEY, None)
    request.session.pop(HELPS, None)
    _renew(request)


def _renew(request: HttpRequest) -> None:
    request.session.pop("is_first_visit", None)
    request.session.cycle_key()
    rotate_token(request)
