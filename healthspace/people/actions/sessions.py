"""Sessions: begun, seen, ended here and elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from healthspace.common import clock
from healthspace.common.errors import Refused
from healthspace.outbox import actions as outbox
from healthspace.people import events, reads, rules
from healthspace.people.actions import forgetting, ways_in
from healthspace.people.models import Account, Session
from healthspace.schema.context import set_context
from healthspace.vault import reads as vault


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that begins; `is_new_device` when this account has sessions, but none from this device."""

    id: UUID
    kind: str
    started_at: datetime
    ends_at: datetime
    is_new_device: bool


def open_session(*, account_id: UUID, means: rules.Means, user_agent: str = "", device: str = "") -> Opened:
    """A session of this account, for the door that has just proved who it is.

    `device` is the device's own cookie, a random text; without one the device counts as new.
    Refused when the account is closed, or when these means begin no session of its kind.
    """
    row = Account.objects.filter(uuid=account_id, is_active=True).first()
    if row is None or not rules.opens_session(row.kind, means):
        raise Refused("ABSENT")
    account = reads.account_card(row)
    with transaction.atomic():
        opened = _begin(account, means, user_agent, device)
        _tell(account, means, opened)
    return opened


def _begin(account: reads.AccountCard, means: rules.Means, user_agent: str, device: str) -> Opened:
    at, (browser, system) = clock.now(), rules.device_words(user_agent)
    key = vault.find_key("source", f"device:{account.id}:{device}")
    before = Session.objects.filter(account_id=account.id)
    is_new_device = before.exists() and not before.filter(device_key=key).exists()
    row = Session.objects.create(
        account_id=account.id,
        means=means,
        browser=browser,
        system=system,
        device_key=key,
        started_at=at,
        seen_at=at,
        ends_at=at + rules.longest(account.kind),
    )
    return Opened(row.uuid, account.kind, at, row.ends_at, is_new_device)


def _tell(account: reads.AccountCard, means: rules.Means, opened: Opened) -> None:
    """A holder finds each sign-in in the journal, and is told of a new device."""
    if account.person_id is None:
        return
    ways_in.note(account, "signed_in", means=means)
    set_context(account.person_id)
    if opened.is_new_device:
        outbox.publish(person_id=account.person_id, fact=events.NewDevice(account.person_id))


def see_session(session_id: UUID) -> None:
    """This session was used in this minute."""
    Session.objects.filter(uuid=session_id, ended_at=None).update(seen_at=clock.now())


def end_session(session_id: UUID) -> None:
    """This session is over: here at once, in other processes within 5 seconds (T09)."""
    Session.objects.filter(uuid=session_id, ended_at=None).update(ended_at=clock.now())


def end_session_of(*, account_id: UUID, session_id: UUID) -> None:
    """The owner of the account ends one of their sessions. Refused when it is none of theirs."""
    rows = Session.objects.filter(account_id=account_id, uuid=session_id, ended_at=None)
    if not rows.update(ended_at=clock.now()):
        raise Refused("ABSENT")


def end_sessions(*, account_id: UUID, but: UUID | None = None) -> int:
    """Every session of this account is over, `but` this one; how many were."""
    rows = Session.objects.filter(account_id=account_id, ended_at=None)
    return rows.exclude(uuid=but).update(ended_at=clock.now()) if but else rows.update(ended_at=clock.now())


def forget_old_sessions() -> int:
    """Remove a portion of the sessions that began half a year ago; how many. For the worker's schedule."""
    return forgetting.remove_some(Session.objects.filter(started_at__lt=clock.now() - rules.SESSION_MEMORY))


def restrict(*, account_id: UUID) -> datetime:
    """For 72 hours from now this account opens no health data (T13); until when."""
    until = clock.now() + rules.RESTRICTED_FOR
    Account.objects.filter(uuid=account_id).update(restricted_until=until)
    return until
