"""Acts that one agent proposes and another one agrees to: neither alone does anything (T12, T26)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

import orjson

from healthspace.access.deed import deed
from healthspace.common import clock, ids
from healthspace.common.actor import Actor
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.schema.context import set_context
from healthspace.support import rules
from healthspace.support.actions.lines import RULE, dequeue, enqueue, journal, require_agent
from healthspace.support.models import JointAct
from healthspace.support.reads import joint as reads
from healthspace.support.reads.joint import ActCard
from healthspace.vault import reads as vault

Execute = Callable[[Actor, ActCard], None]
ACT = "act"


@deed
def propose(
    *, actor: Actor, person_id: UUID, kind: str, details: Mapping[str, str], other_id: UUID | None = None
) -> UUID:
    """An agent writes down an act that needs a second one; nothing else happens. The act's id.

    Refused to anybody but an agent. Invalid for an unknown kind or too long a text; Conflict while the same kind
    of act waits for this person. `details` are short texts, sealed with the agent's name.
    """
    require_agent(actor)
    if kind not in rules.KINDS:
        raise Invalid("kind", RULE, "There is no such act.", "Choose one of the list.")
    if any(len(text) > rules.LONGEST_DETAIL for text in details.values()):
        raise Invalid("details", RULE, f"More than {rules.LONGEST_DETAIL} signs.", "Write it shorter.")
    set_context(person_id)
    at, act_id = clock.now(), ids.new_id()
    same = JointAct.objects.filter(person_id=person_id, kind=kind, other_id=other_id, state="proposed")
    if same.filter(expires_at__gt=at).exists():
        raise Conflict("the same act waits")
    plain = orjson.dumps({"name": actor.name, "details": dict(details)})
    JointAct.objects.create(
        person_id=person_id,
        id=act_id,
        kind=kind,
        other_id=other_id,
        sealed=vault.journal_sealer(person_id).seal(plain, item=act_id, part=reads.PART),
        proposed_by=actor.id,
        proposed_at=at,
        expires_at=at + rules.LASTS,
    )
    enqueue(item_id=act_id, person_id=person_id, kind=ACT, topic=kind)
    journal(person_id, actor, "act_proposed", item_id=act_id, details={"act": kind})
    return act_id


@deed
def agree(*, actor: Actor, person_id: UUID, act_id: UUID, execute: Execute) -> ActCard:
    """A second agent agrees, and `execute(actor, act)` does it in the same transaction; both are named.

    Refused to anybody but an agent, and to the one who proposed it; Conflict when it was decided or is too old.
    """
    card = _decided(actor, person_id, act_id, "agreed")
    names = {"act": card.kind, "first": card.proposed_name}
    journal(person_id, actor, "act_agreed", item_id=act_id, details=names)
    execute(actor, card)
    return card


@deed
def turn_down(*, actor: Actor, person_id: UUID, act_id: UUID) -> None:
    """A second agent does not agree: nothing is done, and it can be proposed anew. Fails as `agree` does."""
    card = _decided(actor, person_id, act_id, "refused")
    journal(person_id, actor, "act_turned_down", item_id=act_id, details={"act": card.kind})


def _decided(actor: Actor, person_id: UUID, act_id: UUID, state: str) -> ActCard:
    require_agent(actor)
    set_context(person_id)
    row = JointAct.objects.select_for_update(of=("self",)).filter(person_id=person_id, id=act_id).first()
    if row is None:
        raise Refused("ABSENT")
    if row.proposed_by == actor.id:
        raise Refused("T12")
    at = clock.now()
    if row.state != "proposed" or row.expires_at <= at:
        raise Conflict("this act was decided, or is too old")
    own = JointAct.objects.filter(person_id=person_id, id=act_id)
    own.update(state=state, decided_by=actor.id, decided_at=at)
    dequeue(act_id)
    return reads.card(row)
