"""What is done once two agents agree: one executor for each kind of act (T12, T26)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final
from uuid import UUID

from healthspace.access.actions.guardians import Decision, name_guardian
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Invalid
from healthspace.spaces import actions as spaces
from healthspace.support import actions as support
from healthspace.support.actions.joint import Execute
from healthspace.support.reads import ActCard


def agree(*, actor: Actor, person_id: UUID, act_id: UUID) -> ActCard:
    """The second agent agrees and the act is done, in one transaction; fails as `support.actions.agree` does."""
    return support.agree(actor=actor, person_id=person_id, act_id=act_id, execute=_execute)


def _execute(actor: Actor, act: ActCard) -> None:
    EXECUTORS[act.kind](actor, act)


def _death(actor: Actor, act: ActCard) -> None:
    spaces.note_death(actor=actor, person_id=act.person_id)


def _death_in_error(actor: Actor, act: ActCard) -> None:
    spaces.correct_death(actor=actor, person_id=act.person_id, agents=(act.proposed_name, actor.name))


def _guardianship(actor: Actor, act: ActCard) -> None:
    """`details`: kind, scope, court, number, and the days decided_on, starts_on, ends_on; `other_id` the guardian."""
    if act.other_id is None:
        raise Invalid("guardian", "GUA-1", "Nobody is named.", "Name who may act for the person.")
    told = act.details
    decision = Decision(
        kind=told["kind"],
        scope=told["scope"],
        court=told["court"],
        number=told["number"],
        decided_on=date.fromisoformat(told["decided_on"]),
        starts_on=date.fromisoformat(told["starts_on"]),
        ends_on=date.fromisoformat(told["ends_on"]),
    )
    agents = (act.proposed_name, actor.name)
    name_guardian(actor=SYSTEM, person_id=act.person_id, guardian_id=act.other_id, decision=decision, agents=agents)


EXECUTORS: Final[Mapping[str, Execute]] = MappingProxyType(
    {"death": _death, "death_in_error": _death_in_error, "guardianship": _guardianship}
)
