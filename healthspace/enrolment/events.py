"""What enrolment tells the rest: ids and codes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthspace.outbox.events import Fact


@dataclass(frozen=True, slots=True)
class CodeAsked(Fact):
    """Somebody with the card asked for a new code; the worker sends it, so nobody sees whether it went."""

    asked_at: datetime
    answers_for: UUID


@dataclass(frozen=True, slots=True)
class SpaceRefused(Fact):
    """A space was refused; its person is told on every known channel and can undo it (T25)."""

    answer_id: UUID
    by_kind: str
    by_person_id: UUID | None


@dataclass(frozen=True, slots=True)
class ChildRefused(Fact):
    """The space of a child was refused; told to each parent in their own space (T4)."""

    child_id: UUID
    answer_id: UUID
    is_own_act: bool


@dataclass(frozen=True, slots=True)
class AnswerGiven(Fact):
    """A space was opened with a code ("activated") or closed ("closed"), or a refusal taken back ("withdrawn",
    "undone"); its person is told on the channels known before (T25).
    """

    answer_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class ChildAnswered(Fact):
    """The same for a child; told to each parent in their own space (T4)."""

    child_id: UUID
    answer_id: UUID
    kind: str
    is_own_act: bool
