"""A new e-mail or phone waits 72 hours, told at once to every address of before (T12).

Whoever takes over one thing (a session, an agent's ear) cannot move the address that messages go to before its
owner had three days to say no. Only a first address ever is confirmed at once, by digits sent to it.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from healthspace.common import clock, ids
from healthspace.common.actor import ANONYMOUS, SYSTEM, Actor
from healthspace.common.errors import Conflict, HealthspaceError, Invalid, Refused
from healthspace.outbox import actions as outbox
from healthspace.people import actions as people
from healthspace.schema.context import set_context
from healthspace.spaces import events, reads
from healthspace.spaces.actions.lines import journal, locked
from healthspace.spaces.models import ContactChange, Space
from healthspace.spaces.reads import contacts
from healthspace.spaces.rules import contacts as rules
from healthspace.spaces.rules import email_fault
from healthspace.spaces.rules.contacts import Reach
from healthspace.vault import reads as vault

RULE: Final = "T12"
HOUR: Final = timedelta(hours=1)
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that was asked for: `is_first` waits for its digits, any other until `applies_at`."""

    id: UUID
    applies_at: datetime
    is_first: bool


@transaction.atomic
def ask_contact_change(*, actor: Actor, person_id: UUID, email: str, phone: str = "") -> Asked:
    """The holder, an agent for a caller, or a helper beside the person wants another e-mail or phone; it waits.

    Refused to anybody else and for a space that is not open; Conflict while another change waits; Invalid for a
    wrong address, for no change at all, and for an agent when nobody could be told of it; TooManyTries after
    three first addresses within the hour.
    """
    is_own = actor.kind == "holder" and actor.person_id == person_id
    is_beside = actor.kind == "assistant" and actor.person_id == person_id
    if not is_own and not is_beside and actor.kind != "support":
        raise Refused("OWN")
    if email and email_fault(email):
        raise Invalid("email", "T53", "This is not one e-mail address.", "Give one address, such as name@example.org.")
    set_context(person_id)
    if locked(person_id).state not in reads.OPEN_STATES:
        raise Refused("CLO-1")
    before, after = contacts.reach(person_id), Reach(email, phone)
    if before == after:
        raise Invalid("email", RULE, "This is what is known already.", "Change one of the two.")
    if before.is_nothing and not is_own:
        raise Invalid("email", RULE, "Nobody could be told of this change.", "Send a letter with a new code instead.")
    return _keep(actor, person_id, before, after, is_first=is_own and before.is_nothing and bool(email))


def _keep(actor: Actor, person_id: UUID, before: Reach, after: Reach, *, is_first: bool) -> Asked:
    at, change_id = clock.now(), ids.new_id()
    if ContactChange.objects.filter(person_id=person_id, state="waiting").exists():
        raise Conflict("another change of contact waits")
    if is_first:
        people.count_try(_sends(person_id), most=rules.SENDS_AN_HOUR, wait=HOUR, at=at)
        ContactChange.objects.filter(person_id=person_id, state="checking").update(state="dropped", decided_at=at)
    asked = Asked(change_id, at + (rules.DIGITS_LAST if is_first else rules.WAIT), is_first)
    try:
        with transaction.atomic():
            ContactChange.objects.create(
                person_id=person_id,
                id=change_id,
                state="checking" if is_first else "waiting",
                by_kind=actor.kind,
                asked_at=at,
                applies_at=asked.applies_at,
                sealed=contacts.sealed(person_id, change_id, before, after),
            )
    except IntegrityError:
        raise Conflict("another change of contact waits") from None
    journal(person_id, actor, "contact_change_asked", RULE)
    fact = events.ContactChangeAsked(person_id, change_id, actor.kind, is_first)
    outbox.publish(person_id=person_id, fact=fact)
    return asked


def _sends(person_id: UUID) -> bytes:
    return vault.find_key("contact-first", str(person_id))


def confirm_first_contact(*, actor: Actor, person_id: UUID, digits: str) -> bool:
    """True when these are the digits sent to a first address, within ten minutes and five tries: it holds at once.

    Refused to anybody but the holder. Each try is counted before it is checked.
    """
    if actor.kind != "holder" or actor.person_id != person_id:
        raise Refused("OWN")
    with transaction.atomic(durable=True):
        set_context(person_id)
        row = _living(person_id, "checking")
        if row is None or row.applies_at <= clock.now() or row.wrong_tries >= rules.WRONG_TRIES:
            return False
        if not contacts.reach(person_id).is_nothing:  # the register knows one meanwhile: not the first any more
            return False
        is_right = hmac.compare_digest(contacts.first_digits(row.id), rules.plain_digits(digits))
        if not is_right:
            ContactChange.objects.filter(person_id=person_id, id=row.id).update(wrong_tries=row.wrong_tries + 1)
            return False
        _apply(row, actor)
        return True


@transaction.atomic
def stop_contact_change(*, actor: Actor, person_id: UUID) -> None:
    """The holder stops the change that waits; Refused to anybody else, and when none waits."""
    if actor.kind != "holder" or actor.person_id != person_id:
        raise Refused("OWN")
    set_context(person_id)
    row = _living(person_id, "waiting")
    if row is None:
        raise Refused("ABSENT")
    _end(row, actor, "stopped", "contact_change_stopped")


@transaction.atomic
def stop_by_link(*, token: str) -> bool:
    """Whoever reads an old address stops the change that waits, without signing in; False when it waits no more.

    Refused for a link that we did not make. Can only keep things as they are: it changes no address.
    """
    found = contacts.right_token(token)
    if found is None:
        raise Refused("ABSENT")
    set_context(found.person_id)
    row = _living(found.person_id, "waiting")
    if row is None or row.id != found.change_id:
        return False
    _end(row, ANONYMOUS, "stopped", "contact_change_stopped")
    return True


def apply_due_contacts(
    limit: int = 100, *, is_wrong: Callable[[UUID, Reach], bool] = lambda _person, _after: False
) -> int:
    """Apply the changes that waited 72 hours and that nobody stopped; how many ended. For the worker's role.

    One that `is_wrong` in the person's transaction and context is dropped.
    """
    return sum(_tried(person_id, is_wrong) for person_id in contacts.due_contacts(clock.now(), limit))


def _tried(person_id: UUID, is_wrong: Callable[[UUID, Reach], bool]) -> bool:
    try:
        return _apply_due(person_id, is_wrong)
    except HealthspaceError as error:  # one that cannot be applied stops none of the others
        _LOG.error("a change of contact could not be applied: %s", error.code)
        _put_off(person_id)
        return False


@transaction.atomic
def _put_off(person_id: UUID) -> None:
    """Tried again in an hour, behind all that are due: else a hundred such would stop everybody's for ever."""
    set_context(person_id)
    rows = ContactChange.objects.filter(person_id=person_id, state="waiting", applies_at__lte=clock.now())
    rows.update(applies_at=clock.now() + HOUR)


@transaction.atomic
def _apply_due(person_id: UUID, is_wrong: Callable[[UUID, Reach], bool]) -> bool:
    set_context(person_id)
    space = locked(person_id)
    row = _living(person_id, "waiting")
    if row is None or row.applies_at > clock.now():
        return False
    if space.state not in reads.OPEN_STATES or is_wrong(person_id, contacts.card(row).after):
        _end(row, SYSTEM, "dropped", "contact_change_dropped")
        return True
    _apply(row, SYSTEM)
    return True


def _apply(row: ContactChange, actor: Actor) -> None:
    person_id, after = row.person_id, contacts.card(row).after
    changed = replace(reads.identity(person_id), email=after.email, phone=after.phone)
    sealed = vault.sealer(person_id).seal(reads.to_bytes(changed), item=person_id, part=reads.PART)
    Space.objects.filter(person_id=person_id).update(sealed_identity=sealed)
    _end(row, actor, "applied", "contact_changed")
    outbox.publish(person_id=person_id, fact=events.ContactChanged(person_id, row.by_kind))


def _living(person_id: UUID, state: str) -> ContactChange | None:
    rows = ContactChange.objects.select_for_update(of=("self",))
    return rows.filter(person_id=person_id, state=state).first()


def _end(row: ContactChange, actor: Actor, outcome: str, kind: str) -> None:
    ContactChange.objects.filter(person_id=row.person_id, id=row.id).update(state=outcome, decided_at=clock.now())
    journal(row.person_id, actor, kind, RULE)
    fact = events.ContactChangeEnded(row.person_id, row.id, outcome)
    outbox.publish(person_id=row.person_id, fact=fact)


def forget_old_contacts(limit: int = 1000) -> int:
    """Delete changes that ended more than 30 days ago; for how many persons. For the worker's role."""
    before = clock.now() - rules.KEPT
    found = contacts.old_contacts(before, limit)
    for person_id in found:
        with transaction.atomic(durable=True):
            set_context(person_id)
            old = ContactChange.objects.filter(person_id=person_id, asked_at__lt=before)
            old.exclude(state="waiting").delete()
    return len(found)
