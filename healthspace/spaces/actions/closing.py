"""A space closes, opens again, is to be deleted, is suspended; its holder dies (domain 2.1, CLO-1 to CLO-4).

What is closed lies in the archive: its key is sealed so that no door can open it. Taking it out, and
everything that falls due by itself, is the worker's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from healthspace.common import clock, fault
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.outbox import actions as outbox
from healthspace.people import actions as people
from healthspace.schema.context import set_context
from healthspace.spaces import events, reads, rules
from healthspace.spaces.actions.lines import OPENERS, journal, locked, require_own
from healthspace.spaces.models import ContactChange, Space
from healthspace.vault import actions as keys
from healthspace.vault import reads as vault

OPEN_AGAIN: Final[dict[str, Any]] = {
    "closed_at": None, "archive_until": None, "due_at": None, "reopening_asked_at": None, "sealed_contact": None,
}  # fmt: skip


@transaction.atomic
def close(*, actor: Actor, person_id: UUID, wants_deletion: bool = False) -> None:
    """The holder closes the space: kept ten years from today, or deleted within three months (CLO-1, CLO-2)."""
    row = _begin(actor, person_id)
    after = rules.next_state(row.state, "close")
    _put_away(row, after, keeps_contact=True)
    _told(row, actor, after, "space_closed", "CLO-1")
    fault.point("closing.before_commit")
    if wants_deletion:
        ask_deletion(actor=actor, person_id=person_id)


@transaction.atomic
def ask_deletion(*, actor: Actor, person_id: UUID) -> None:
    """The holder of a closed space wants it deleted; the worker does it before three months are over (CLO-2)."""
    row = _begin(actor, person_id)
    after = rules.next_state(row.state, "request_deletion")
    changes = {"due_at": rules.deletion_due_at(clock.today()), "reopening_asked_at": None}
    Space.objects.filter(person_id=person_id).update(state=after, **changes)
    _told(row, actor, after, "deletion_asked", "CLO-2")


@transaction.atomic
def cancel_deletion(*, actor: Actor, person_id: UUID) -> None:
    """The holder keeps the closed space after all; Conflict once its destruction has begun (CLO-2)."""
    row = _begin(actor, person_id)
    after = rules.next_state(row.state, "cancel_deletion")
    until = row.archive_until or rules.archive_until(clock.today())
    Space.objects.filter(person_id=person_id).update(state=after, due_at=rules.archive_ends_at(until))
    _told(row, actor, after, "deletion_cancelled", "CLO-2")


@transaction.atomic
def ask_reopening(*, actor: Actor, person_id: UUID) -> None:
    """The holder wants a closed space back; the worker takes it out of the archive within seconds (CLO-3).

    Asked twice is once. Conflict when the space is not closed or its destruction has begun.
    """
    row = _begin(actor, person_id)
    rules.next_state(row.state, "reopen")
    if row.reopening_asked_at is None:
        Space.objects.filter(person_id=person_id).update(reopening_asked_at=clock.now())
        journal(person_id, actor, "space_reopened", "CLO-3")


@transaction.atomic
def reopen(*, person_id: UUID) -> bool:
    """Give back what the holder asked for, with all that was in it; False when it is no longer asked.

    For the worker alone: only it can open the archive. Whoever took a refusal back gets what was kept from
    before, and the space stays as it is.
    """
    set_context(person_id)
    row = locked(person_id)
    if row.reopening_asked_at is None or row.erasing_at is not None:
        return False
    if row.state == "closed_deceased":
        _give_back(row)
        return True
    if row.state not in rules.CLOSED_STATES:
        keys.restore_key(person_id=person_id)
        fault.point("reopening.before_commit")
        Space.objects.filter(person_id=person_id).update(reopening_asked_at=None)
        return True
    after = rules.next_state(row.state, "reopen")
    keys.restore_key(person_id=person_id)
    fault.point("reopening.before_commit")
    opened_at = row.opened_at or clock.now()
    Space.objects.filter(person_id=person_id).update(state=after, opened_at=opened_at, **OPEN_AGAIN)
    outbox.publish(person_id=person_id, fact=events.SpaceStateChanged(person_id, row.state, after))
    return True


@transaction.atomic
def suspend(*, actor: Actor, person_id: UUID) -> None:
    """The insurer suspends a space for fraud or malfunction; it closes when nobody objects in six weeks (CLO-4)."""
    _require_installation(actor)
    row = _begin(actor, person_id)
    after = rules.next_state(row.state, "suspend")
    contact, due_at = _sealed_contact(person_id), rules.suspension_ends_at(clock.today())
    Space.objects.filter(person_id=person_id).update(state=after, due_at=due_at, sealed_contact=contact)
    _told(row, actor, after, "space_suspended", "CLO-4")


@transaction.atomic
def lift_suspension(*, actor: Actor, person_id: UUID) -> None:
    """The holder objects, or the insurer changes its mind: the space is open again (CLO-4)."""
    row = _begin(actor, person_id)
    after = rules.next_state(row.state, "suspension_lifted")
    Space.objects.filter(person_id=person_id).update(state=after, **OPEN_AGAIN)
    _told(row, actor, after, "suspension_lifted", "CLO-4")


@transaction.atomic
def end_suspension(*, person_id: UUID) -> bool:
    """Close a suspended space whose six weeks are over; False when it is not due. For the worker."""
    set_context(person_id)
    row = locked(person_id)
    if row.state != "suspended" or row.due_at is None or row.due_at > clock.now():
        return False
    after = rules.next_state(row.state, "suspension_ended")
    _put_away(row, after, keeps_contact=True)
    _told(row, SYSTEM, after, "suspension_ended", "CLO-4")
    return True


@transaction.atomic
def note_death(*, actor: Actor, person_id: UUID, agents: tuple[str, str] | None = None) -> None:
    """The person died: closed, in the archive, kept ten years (CSP L.1110-4, T26).

    For the installation only, as the registry says or two `agents` of the desk, whose names stand in the line: none
    alone (T12). Told twice is once. `Invalid` without two different names.
    """
    names = _named_by(actor, agents) if agents is not None else _by_registry(actor)
    row = _begin(actor, person_id)
    if row.state == "closed_deceased":
        return
    after = rules.next_state(row.state, "die")
    _put_away(row, after, keeps_contact=False)
    Space.objects.filter(person_id=person_id).update(state_before=row.state)
    people.close_accounts(person_id=person_id)
    _told(row, actor, after, "holder_died", "CLO-5D", names)


@transaction.atomic
def correct_death(*, actor: Actor, person_id: UUID, agents: tuple[str, str]) -> None:
    """The death was recorded in error: two agents take it back by name, the worker does the rest (RGPD 5.1.d, T26).

    For the installation only. Asked twice is once. `Invalid` without two different names, `Conflict` when no death
    is recorded or the destruction has begun.
    """
    names = _named_by(actor, agents)
    row = _begin(actor, person_id)
    rules.given_back(row.state, row.state_before)
    if row.reopening_asked_at is None:
        Space.objects.filter(person_id=person_id).update(reopening_asked_at=clock.now())
        journal(person_id, actor, "death_corrected", "CLO-5D", details=names)


def _by_registry(actor: Actor) -> dict[str, str]:
    if actor.kind != "system":
        raise Refused("T12")
    return {}


def _named_by(actor: Actor, agents: tuple[str, str]) -> dict[str, str]:
    """Two different agents by name; an agent alone is refused here too, whatever the page asks for."""
    _by_registry(actor)
    first, second = (" ".join(name.split()) for name in agents)
    if not first or not second or first.casefold() == second.casefold():
        raise Invalid("agents", "CLO-5D", "Two different agents must agree.", "Name both.")
    return {"first": first, "second": second}


def _give_back(row: Space) -> None:
    """Key, state and accounts as before the death; what was closed before stays in the archive."""
    person_id, today = row.person_id, clock.today()
    after = rules.given_back(row.state, row.state_before)
    changes = dict(OPEN_AGAIN)
    if after in {"closed", "deletion_requested"}:
        until = row.archive_until or rules.archive_until(today)
        is_wanted = after == "deletion_requested"
        due_at = rules.deletion_due_at(today) if is_wanted else rules.archive_ends_at(until)
        changes = {"due_at": due_at, "reopening_asked_at": None}
    else:
        keys.restore_key(person_id=person_id)
    if after == "suspended":
        changes |= {"due_at": rules.suspension_ends_at(today), "sealed_contact": _sealed_contact(person_id)}
    if after == "opposed":
        changes["due_at"] = clock.now()  # what was kept from before the refusal is closed anew (ENR-10)
    if after == "not_informed":
        changes |= {"informed_at": None, "deadline_at": None}
    fault.point("reopening.before_commit")
    Space.objects.filter(person_id=person_id).update(state=after, state_before="", **changes)
    people.reopen_accounts(person_id=person_id)
    outbox.publish(person_id=person_id, fact=events.SpaceStateChanged(person_id, row.state, after))


@transaction.atomic
def begin_erasing(*, person_id: UUID) -> bool:
    """The point of no return before a destruction; False when this space is not due. For the worker."""
    set_context(person_id)
    row = locked(person_id)
    if row.erasing_at is not None:
        return True
    is_ended = row.state in {"closed", "closed_deceased", "deletion_requested"}
    is_ended |= row.state == "opposed" and row.archive_until is not None
    if not is_ended or row.due_at is None or row.due_at > clock.now():
        return False
    Space.objects.filter(person_id=person_id).update(erasing_at=clock.now())
    return True


def finish_erasing(*, person_id: UUID, event_id: UUID) -> None:
    """What is left of a destroyed space: that it was. In the transaction and context of the destruction.

    `event_id` is the line of the journal that the ledger of destructions names.

    Its line of the index stays, a keyed hash, so that the next register does not enrol the person again.
    """
    journal(person_id, SYSTEM, "space_destroyed", "CLO-2", event_id=event_id)
    ContactChange.objects.filter(person_id=person_id).delete()
    keys.destroy_key(person_id=person_id)
    people.forget_accounts(person_id=person_id)
    Space.objects.filter(person_id=person_id).update(
        state="deleted",
        sealed_identity=b"",
        sealed_contact=None,
        due_at=None,
        reopening_asked_at=None,
        erasing_at=None,
    )


def _begin(actor: Actor, person_id: UUID) -> Space:
    require_own(actor, person_id)
    set_context(person_id)
    row = locked(person_id)
    if row.erasing_at is not None:
        raise Conflict("the destruction of this space has begun")
    return row


def _require_installation(actor: Actor) -> None:
    if actor.kind not in OPENERS:
        raise Refused("ENR-1")


def _put_away(row: Space, after: str, *, keeps_contact: bool) -> None:
    """The key goes into the archive (once), the ten years begin with the first closing."""
    person_id = row.person_id
    until = row.archive_until or rules.archive_until(clock.today())
    contact = _contact(person_id) if keeps_contact else None
    try:
        keys.archive_key(person_id=person_id)
    except Conflict:  # it lies there already: the holder of a closed space died
        if row.state not in {"closed", "deletion_requested"}:
            raise
    Space.objects.filter(person_id=person_id).update(
        state=after,
        closed_at=row.closed_at or clock.now(),
        archive_until=until,
        due_at=rules.archive_ends_at(until),
        reopening_asked_at=None,
        sealed_contact=_seal(person_id, contact) if contact else None,
    )


def _contact(person_id: UUID) -> bytes:
    identity = reads.identity(person_id)
    return json.dumps({"email": identity.email, "phone": identity.phone}).encode()


def _sealed_contact(person_id: UUID) -> bytes:
    return _seal(person_id, _contact(person_id))


def _seal(person_id: UUID, contact: bytes) -> bytes:
    return vault.journal_sealer(person_id).seal(contact, item=person_id, part=reads.CONTACT_PART)


def _told(row: Space, actor: Actor, after: str, kind: str, rule: str, details: Mapping[str, str] | None = None) -> None:
    journal(row.person_id, actor, kind, rule, details=details or None)
    outbox.publish(person_id=row.person_id, fact=events.SpaceStateChanged(row.person_id, row.state, after))
