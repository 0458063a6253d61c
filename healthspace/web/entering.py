"""The only door into a session: whatever proved who is there ends here."""

from __future__ import annotations

import secrets
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from healthspace.people import actions as people
from healthspace.people.rules import FRESH_PROOFS, Means

ACCOUNT: Final = "account"
SID: Final = "sid"
PROVED_AT: Final = "proved_at"
DEVICE_COOKIE: Final = "device"
IS_FIRST: Final = "is_first_visit"


def open_session(request: HttpRequest, account_id: str | UUID, *, means: Means) -> people.Opened:
    """A new session of that account; whatever the visitor's session held is dropped (T08)."""
    device = request.COOKIES.get(DEVICE_COOKIE, "") or secrets.token_urlsafe(16)
    opened = people.open_session(
        account_id=UUID(str(account_id)),
        means=means,
        user_agent=request.META.get("HTTP_USER_AGENT", "")[:400],
        device=device,
    )
    leave_session(request)
    rotate_token(request)
    request.session.update(held(opened, account_id, means))
    request.session["device"] = device  # the middleware gives it to the browser, then drops it
    return opened


def held(opened: people.Opened, account_id: str | UUID, means: Means) -> dict[str, Any]:
    """What a session that begins holds."""
    now = opened.started_at.isoformat()
    return {
        ACCOUNT: str(account_id),
        SID: str(opened.id),
        "means": means,
        "signed_in_at": now,
        "seen_at": now,
        "ends_at": opened.ends_at.isoformat(),
        PROVED_AT: now if means in FRESH_PROOFS else "",
    }


def leave_session(request: HttpRequest) -> None:
    """End the session of this request, in its row and here."""
    if sid := request.session.get(SID):
        people.end_session(UUID(sid))
    request.session.flush()
