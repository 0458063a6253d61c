"""Two numbers that may be one person: handed to the desk, where two agents answer (T12, T28)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import transaction

from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.enrolment.reads import cases
from healthspace.enrolment.reads.cases import CaseOf
from healthspace.schema.context import set_context
from healthspace.support import actions as support
from healthspace.support.actions.lines import dequeue, enqueue
from healthspace.support.actions.looking import look

MERGE: Final = "merge"


@transaction.atomic
def hand_over(*, actor: Actor, case_id: UUID) -> None:
    """The installation hands an open case of the kind merge to the desk, once or again; Refused for anything else.

    For the worker's role.
    """
    found = cases.open_case(case_id)
    if actor.kind != "system" or found is None or found.kind != MERGE or found.other_id is None:
        raise Refused("ABSENT")
    enqueue(item_id=case_id, person_id=found.person_id, kind="act", topic=MERGE)


@transaction.atomic
def handed(*, actor: Actor, person_id: UUID, case_id: UUID) -> CaseOf | None:
    """The case an agent opens, the look in the person's journal; None when it is none. Refused to anybody else."""
    if actor.kind != "support":
        raise Refused("T12")
    set_context(person_id)
    found = cases.open_case(case_id, person_id)
    if found is not None:
        look(actor=actor, person_id=person_id)
    return found


@transaction.atomic
def propose_merge(*, actor: Actor, person_id: UUID, case_id: UUID, outcome: str, paper: str) -> UUID:
    """An agent says whether it is one person or two; nothing is done until a second one agrees. The act's id.

    Fails as `support.actions.propose` does; Refused when the case is no longer open.
    """
    found = handed(actor=actor, person_id=person_id, case_id=case_id)
    if found is None:
        raise Refused("ABSENT")
    details = {"outcome": outcome, "paper": paper, "case": str(case_id)}
    act_id = support.propose(actor=actor, person_id=person_id, kind=MERGE, details=details, other_id=found.other_id)
    dequeue(case_id)
    return act_id
