"""What is done once two agents agree: one executor for each kind of act (T12, T26)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final
from uuid import UUID

from healthspace.access import reads as access
from healthspace.access.actions.guardians import KINDS, Decision, end_guardian, name_guardian
from healthspace.access.actions.mandates import end_mandate
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Conflict, Invalid
from healthspace.enrolment.actions.cases import settle
from healthspace.enrolment.reads import cases
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.support import actions as support
from healthspace.support.actions.joint import Execute
from healthspace.support.actions.lines import journal
from healthspace.support.reads import ActCard


def agree(*, actor: Actor, person_id: UUID, act_id: UUID) -> ActCard:
    """The second agent agrees and the act is done, in one transaction; fails as `support.actions.agree` does."""
    return support.agree(actor=actor, person_id=person_id, act_id=act_id, execute=_execute)


def _execute(actor: Actor, act: ActCard) -> None:
    EXECUTORS[act.kind](actor, act)


def _both(actor: Actor, act: ActCard) -> tuple[str, str]:
    return act.proposed_name, actor.name


def _death(actor: Actor, act: ActCard) -> None:
    spaces.note_death(actor=SYSTEM, person_id=act.person_id, agents=_both(actor, act))


def _death_in_error(actor: Actor, act: ActCard) -> None:
    spaces.correct_death(actor=SYSTEM, person_id=act.person_id, agents=_both(actor, act))


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
    agents = _both(actor, act)
    name_guardian(actor=SYSTEM, person_id=act.person_id, guardian_id=act.other_id, decision=decision, agents=agents)


def _guardianship_ended(actor: Actor, act: ActCard) -> None:
    guardian_id = _acting(act, KINDS)
    end_guardian(actor=SYSTEM, person_id=act.person_id, guardian_id=guardian_id, agents=_both(actor, act))


def _mandate_ended(actor: Actor, act: ActCard) -> None:
    parent_id = _acting(act, frozenset({"parent"}))
    end_mandate(actor=SYSTEM, person_id=act.person_id, representative_id=parent_id, agents=_both(actor, act))


def _acting(act: ActCard, kinds: frozenset[str]) -> UUID:
    """Who acts for the person by a mandate of these kinds; Conflict when that is over, or never was."""
    set_context(act.person_id)
    if act.other_id is None or not access.is_mandated(act.person_id, act.other_id, kinds):
        raise Conflict("nothing runs that could be ended")
    return act.other_id


def _merge(actor: Actor, act: ActCard) -> None:
    """`details`: case, outcome (one person, two people), paper; told in the journal of `other_id` too."""
    set_context(act.person_id)
    case_id = UUID(act.details["case"])
    if cases.open_case(case_id, act.person_id) is None:
        raise Conflict("this case was settled")
    settle(actor=SYSTEM, case_id=case_id, outcome=act.details["outcome"], agents=_both(actor, act))
    if act.other_id is not None:
        set_context(act.other_id)
        names = {"act": act.kind, "first": act.proposed_name}
        journal(act.other_id, actor, "act_agreed", item_id=act.id, details=names)


EXECUTORS: Final[Mapping[str, Execute]] = MappingProxyType(
    {
        "death": _death,
        "death_in_error": _death_in_error,
        "guardianship": _guardianship,
        "guardianship_ended": _guardianship_ended,
        "mandate_ended": _mandate_ended,
        "merge": _merge,
    }
)
