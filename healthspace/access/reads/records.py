"""Opening and finding a record, its journal, its identity."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthspace.access import events, gate
from healthspace.access.deed import deed
from healthspace.audit import reads as audit
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.outbox import actions as outbox
from healthspace.outbox.events import Fact
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import Ins


@dataclass(frozen=True, slots=True)
class Patient:
    """A person found by exact INS; `may_consult` says if the record would open now."""

    person_id: UUID
    identity: spaces.Identity
    may_consult: bool
    rule: str


def journal_of(
    standing: gate.Standing,
    *,
    without_items: Collection[UUID],
    before: audit.Place | datetime | None = None,
    item_id: UUID | None = None,
    limit: int = 100,
    is_act: bool = True,
    since: datetime | None = None,
    by: Collection[str] = (),
    outcome: str = "",
) -> tuple[audit.Entry, ...]:
    """The journal of this space for its holder's side, newest first (R.1111-43, EHDS art. 9).

    `without_items` names what this reader may not know of; `documents.reads.journal` fills it and
    is what doors call. `is_act=False` for a line or two beside something journalled already.
    """
    person_id = standing.person_id
    rule = gate.require(standing, "read_journal").rule
    sealer = gate.sealer(standing)
    found = audit.journal(
        person_id=person_id,
        unseal=lambda sealed, event_id: sealer.unseal(sealed, item=event_id, part="event"),
        before=before,
        limit=limit,
        item_id=item_id,
        hidden_from="representative" if standing.asker.role == "representative" else "",
        without_items=without_items,
        since=since,
        by=by,
        outcome=outcome,
    )
    if is_act:
        gate.journal(standing, "journal_read", rule=rule)
    return tuple(found)


@deed
def identity(*, actor: Actor, person_id: UUID) -> spaces.Identity:
    """Who this person is, for the banner of an open record or the holder's own pages.

    A professional who reads it leaves a line; people reading their own name do not.
    """
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "read_identity").rule
    if standing.asker.role == "professional":
        gate.journal(standing, "identity_searched", rule=rule)
    return spaces.identity(person_id)


@deed
def open_record(*, actor: Actor, person_id: UUID) -> spaces.Identity:
    """A professional opens a record at a glance: decided, journalled, told."""
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "open_record").rule
    gate.journal(standing, "record_opened", rule=rule)
    if actor.professional_id is not None:
        outbox.publish(person_id=person_id, fact=_opening(actor, person_id, actor.professional_id))
    return spaces.identity(person_id)


def _opening(actor: Actor, person_id: UUID, professional_id: UUID) -> Fact:
    if actor.mode == "normal":
        return events.RecordOpened(person_id, professional_id)
    return events.EmergencyOpened(person_id, professional_id, actor.mode)


def find_patient(*, actor: Actor, ins: Ins) -> Patient:
    """The person of this exact INS for a professional; refused and absent are one answer."""
    person_id = spaces.find_person(ins)
    if person_id is None:
        raise Refused
    return _patient(actor=actor, person_id=person_id)


@deed
def _patient(*, actor: Actor, person_id: UUID) -> Patient:
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "find_patient").rule
    consult = gate.decide(standing, "open_record")
    gate.journal(standing, "identity_searched", rule=rule)
    return Patient(person_id, spaces.identity(person_id), consult.is_allowed, consult.rule)
