"""For whom a session acts: the holder, or a child of theirs; each change gives the session a new key (T08)."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import rotate_token

KEY: Final = "acting_for"


def begin(request: HttpRequest, child_id: UUID) -> None:
    """From now on this session acts for that child."""
    request.session[KEY] = str(child_id)
    _renew(request)


def leave(request: HttpRequest) -> None:
    """Back to the holder's own record."""
    request.session.pop(KEY, None)
    _renew(request)


def _renew(request: HttpRequest) -> None:
    request.session.pop("is_first_visit", None)
    request.session.cycle_key()
    rotate_token(request)
