"""Who may see and who did see: told to the holder, and asked by professionals."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from healthspace.access import events, gate, rules
from healthspace.access.adapters import matrix
from healthspace.access.deed import deed
from healthspace.access.guarded import Guarded
from healthspace.access.models import Charge, Tie
from healthspace.audit import reads as audit
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.outbox import actions as outbox
from healthspace.outbox.events import Fact
from healthspace.people import reads as people
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import Ins

MOST_CHARGES: Final = 19


@dataclass(frozen=True, slots=True)
class ChargeCard:
    """A child for whom one may act now, until `ends_at`."""

    person_id: UUID
    identity: spaces.Identity
    ends_at: datetime

    @property
    def born_on(self) -> date:
        return self.identity.traits.born_on


@dataclass(frozen=True, slots=True)
class TieCard:
    """A bond as shown to the holder; `expires_at` None means until ended."""

    id: UUID
    kind: str
    professional_id: UUID | None
    institution_id: UUID | None
    name: str
    profession: str
    basis: str
    starts_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who could open a document now, or not, and the rule that says so."""

    name: str
    profession: str
    is_allowed: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Patient:
    """A person found by exact INS; `may_consult` says if the record would open now."""

    person_id: UUID
    identity: spaces.Identity
    may_consult: bool
    rule: str


@deed
def ties(*, actor: Actor, person_id: UUID) -> tuple[TieCard, ...]:
    """Every live bond of this space, newest first, for its holder's side."""
    standing = gate.enter(actor=actor, person_id=person_id)
    gate.require(standing, "read_access")
    return tuple(_card(tie) for tie in _live(standing))


def _live(standing: gate.Standing) -> list[Tie]:
    found = (
        Tie.objects.filter(person_id=standing.person_id, ended_at=None)
        .select_related("professional", "institution")
        .order_by("-starts_at")
    )
    return [tie for tie in found if tie.expires_at is None or tie.expires_at > standing.at]


def _card(tie: Tie) -> TieCard:
    professional = people.professional_card(tie.professional) if tie.professional else None
    name = professional.name if professional else tie.institution.name if tie.institution else ""
    return TieCard(
        tie.id,
        tie.kind,
        tie.professional_id,
        tie.institution_id,
        name,
        professional.profession if professional else "",
        tie.basis,
        tie.starts_at,
        tie.expires_at,
    )


@deed
def charges(*, actor: Actor) -> tuple[ChargeCard, ...]:
    """The children for whom this holder may act at this instant, the eldest first, at most 19 (CHI-3).

    Each is asked of its own mandate; whose space is not open, or not any more, is not among them.
    """
    if actor.kind != "holder" or actor.person_id is None:
        raise Refused("OWN")
    standing = gate.enter(actor=actor, person_id=actor.person_id)
    gate.require(standing, "read_access")
    rows = Charge._default_manager.filter(person_id=actor.person_id, ended_at=None, ends_at__gt=standing.at)
    found = []
    for charge in list(rows.order_by("ends_at", "id")[:MOST_CHARGES]):
        acting = replace(actor, kind="representative", person_id=charge.id, own_person_id=actor.person_id)
        child = gate.enter(actor=acting, person_id=charge.id)
        if gate.decide(child, "read_identity").is_allowed:
            found.append(ChargeCard(charge.id, spaces.identity(charge.id), charge.ends_at))
    return tuple(found)


@deed
def who_can_see(*, actor: Actor, person_id: UUID, item: Guarded) -> tuple[Viewer, ...]:
    """For each professional or structure bound to this person: could they open it now, and why.

    Answered by the same rules that will decide, not by a description of them.
    """
    standing = gate.enter(actor=actor, person_id=person_id)
    gate.require(standing, "read_access")
    by_party: dict[UUID | None, list[Tie]] = {}
    for tie in _live(standing):
        by_party.setdefault(tie.professional_id or tie.institution_id, []).append(tie)
    return tuple(_viewer(standing, bound, item) for bound in by_party.values())


def _viewer(standing: gate.Standing, bound: list[Tie], item: Guarded) -> Viewer:
    """One party, with all its bonds: a block outweighs an authorisation."""
    tie, kinds = bound[0], {tie.kind for tie in bound}
    card = _card(tie)
    on = standing.at.astimezone(gate.LAW_ZONE).date()
    asker = rules.Asker(
        role="professional",
        space_state=standing.asker.space_state,
        at=standing.at,
        professional_id=tie.professional_id,
        institution_id=tie.institution_id,
        is_blocked="block" in kinds,
        is_attending="attending" in kinds,
        is_authorised=bool(kinds & {"authorisation", "team", "structure"}),
        readable_types=matrix.readable_types(card.profession or "10", on),
    )
    decision = rules.decide(asker, "open", item)
    return Viewer(card.name, card.profession, decision.is_allowed, decision.rule)


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
