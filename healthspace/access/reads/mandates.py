"""For whom one may act."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from healthspace.access import gate
from healthspace.access.deed import deed
from healthspace.access.models import Charge, Mandate
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.spaces import reads as spaces

MOST_CHARGES: Final = 19


@dataclass(frozen=True, slots=True)
class ChargeCard:
    """A child, or a protected adult, for whom one may act now, as what and how far, until `ends_at`."""

    person_id: UUID
    identity: spaces.Identity
    ends_at: datetime
    kind: str = "parent"
    scope: str = "as_holder"

    @property
    def born_on(self) -> date:
        return self.identity.traits.born_on


def is_mandated(person_id: UUID, representative_id: UUID, kinds: frozenset[str]) -> bool:
    """Whether this one may act for the person by a mandate of these kinds now; in the person's context."""
    rows = Mandate._default_manager.filter(person_id=person_id, id=representative_id, ended_at=None, kind__in=kinds)
    return rows.filter(ends_at__gt=clock.now()).exists()


@deed
def charges(*, actor: Actor) -> tuple[ChargeCard, ...]:
    """Those for whom this holder may act at this instant, the eldest child first, at most 19 (CHI-3).

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
            card = ChargeCard(charge.id, spaces.identity(charge.id), charge.ends_at, charge.kind, charge.scope)
            found.append(card)
    return tuple(found)
