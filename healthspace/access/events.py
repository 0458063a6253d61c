"""What access tells the rest: ids and codes only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from healthspace.outbox.events import Fact


@dataclass(frozen=True, slots=True)
class AccessGranted(Fact):
    tie_id: UUID
    by_kind: str


@dataclass(frozen=True, slots=True)
class AccessEnded(Fact):
    tie_id: UUID
    by_kind: str


@dataclass(frozen=True, slots=True)
class RecordOpened(Fact):
    professional_id: UUID


@dataclass(frozen=True, slots=True)
class EmergencyOpened(Fact):
    professional_id: UUID
    mode: str


@dataclass(frozen=True, slots=True)
class ParentInvited(Fact):
    """A parent named the other one for this child; the worker looks for them."""

    invitation_id: UUID


@dataclass(frozen=True, slots=True)
class ParentAnswered(Fact):
    """Whoever was named answered the parent who asked (`person_id`)."""

    invitation_id: UUID
    child_id: UUID


@dataclass(frozen=True, slots=True)
class MajorityNear(Fact):
    """A child comes of age, or has: `step` is quarter, month, day or now; `child_id` is another person for a parent."""

    step: str
    child_id: UUID


@dataclass(frozen=True, slots=True)
class OwnWayOpened(Fact):
    """A minor has a sign-in of their own; told to them and to each parent."""

    child_id: UUID


@dataclass(frozen=True, slots=True)
class HelpAsked(Fact):
    """Somebody asked this person for help."""


@dataclass(frozen=True, slots=True)
class HelperAnswered(Fact):
    """Who was asked said `yes` or `no`, or `left`."""

    answer: str


@dataclass(frozen=True, slots=True)
class HelpersAskedAgain(Fact):
    """Does this person still want their helpers?"""


@dataclass(frozen=True, slots=True)
class AssistanceStarted(Fact):
    """A helper at a desk may act for this person, for half an hour."""

    assistance_id: UUID


@dataclass(frozen=True, slots=True)
class FormCarriedOut(Fact):
    """A signed form on paper came back, and what it says was done."""

    form_id: UUID
