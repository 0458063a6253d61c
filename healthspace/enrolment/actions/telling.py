"""Who learns of an answer: the person by a fact, each parent of a child in their own space (T4, T25)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Final
from uuid import UUID

from healthspace.common.actor import Actor
from healthspace.common.ids import NIL
from healthspace.enrolment import events
from healthspace.enrolment.actions.answering import By, has_space
from healthspace.enrolment.actions.lines import journal
from healthspace.outbox import actions as outbox
from healthspace.outbox.events import Fact
from healthspace.schema.context import set_context

# The line in the space of each parent, by what was done for the child.
CHILD_LINE: Final = MappingProxyType(
    {
        "opposed": "child_opposed",
        "withdrawn": "child_opposition_withdrawn",
        "undone": "child_opposition_withdrawn",
        "activated": "child_space_opened",
        "closed": "child_space_closed",
    }
)


def tell_refusal(person_id: UUID, answer_id: UUID, *, by: By, parents: list[UUID]) -> None:
    """A refusal, in its transaction; leaves the context of the person."""
    outbox.publish(person_id=person_id, fact=events.SpaceRefused(person_id, answer_id, by.kind, by.person_id))
    _tell_parents(
        person_id,
        by,
        parents,
        "opposed",
        lambda parent, is_own: events.ChildRefused(parent, person_id, answer_id, is_own),
    )


def tell(person_id: UUID, answer_id: UUID, kind: str, *, by: By, parents: list[UUID]) -> None:
    """A space opened with a code, a refusal taken back, a space closed: in its transaction, as a refusal is told."""
    outbox.publish(person_id=person_id, fact=events.AnswerGiven(person_id, answer_id, kind))
    _tell_parents(
        person_id,
        by,
        parents,
        kind,
        lambda parent, is_own: events.ChildAnswered(parent, person_id, answer_id, kind, is_own),
    )


def _tell_parents(
    child_id: UUID, by: By, parents: list[UUID], kind: str, fact_of: Callable[[UUID, bool], Fact]
) -> None:
    """A line and a fact in the space of each parent, whoever of them answered (T4)."""
    for parent_id in dict.fromkeys([*parents, *([by.person_id] if by.kind == "parent" and by.person_id else [])]):
        if not has_space(parent_id):
            continue
        is_own_act = parent_id == by.person_id and by.kind == "parent"
        actor = replace(by.actor, person_id=parent_id)
        if is_own_act:
            actor = Actor(kind="holder", id=NIL, name=by.actor.name, person_id=parent_id)
        journal(parent_id, actor, CHILD_LINE[kind], "T4")
        outbox.publish(person_id=parent_id, fact=fact_of(parent_id, is_own_act))
    set_context(child_id)
