"""Sessions as the security page shows them, and whether one is alive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthspace.common import clock
from healthspace.people.models import Account, Session


@dataclass(frozen=True, slots=True)
class SessionCard:
    """One sign-in that is not over; `browser` and `system` are empty when the device said neither."""

    id: UUID
    means: str
    browser: str
    system: str
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None


def is_session_alive(session_id: UUID, account_id: UUID) -> bool:
    """True while nobody ended this session of this account and its time is not over."""
    rows = Session.objects.filter(uuid=session_id, account_id=account_id, ended_at=None, ends_at__gt=clock.now())
    return rows.exists()


def sessions(account_id: UUID) -> list[SessionCard]:
    """The sessions of an account that still run, the newest first; for its owner."""
    rows = Session.objects.filter(account_id=account_id, ended_at=None, ends_at__gt=clock.now())
    return [
        SessionCard(row.uuid, row.means, row.browser, row.system, row.started_at, row.seen_at)
        for row in rows.order_by("-started_at")
    ]


def kept_sessions(account_id: UUID) -> list[SessionCard]:
    """Every sign-in of an account that is still kept, over or not, the newest first; for its owner's copy."""
    return [
        SessionCard(row.uuid, row.means, row.browser, row.system, row.started_at, row.seen_at, row.ended_at)
        for row in Session.objects.filter(account_id=account_id).order_by("-started_at")
    ]


def is_restricted(account_id: UUID) -> bool:
    """True while a recovered account opens no health data (72 hours, T13)."""
    return Account.objects.filter(uuid=account_id, restricted_until__gt=clock.now()).exists()


def is_recovered(person_id: UUID) -> bool:
    """True while an account of this person's space opens no health data after a recovery (T13)."""
    return Account.objects.filter(person_id=person_id, restricted_until__gt=clock.now()).exists()
