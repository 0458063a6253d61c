"""Who may see a record, and what one sees of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthspace.access import gate, rules
from healthspace.access.adapters import matrix
from healthspace.access.deed import deed
from healthspace.access.guarded import Guarded
from healthspace.access.models import Tie
from healthspace.common.actor import Actor
from healthspace.people import reads as people


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
