"""What a space tells about itself."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from healthspace.outbox.events import Fact


@dataclass(frozen=True, slots=True)
class SpaceOpened(Fact):
    """A space was opened, in this state."""

    state: str


@dataclass(frozen=True, slots=True)
class SpaceStateChanged(Fact):
    """A space went from one state to another (domain 2.1)."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ContactChanged(Fact):
    """The e-mail or phone of the holder changed, by somebody of this kind."""

    by_kind: str


@dataclass(frozen=True, slots=True)
class ContactChangeAsked(Fact):
    """A new e-mail or phone waits for 72 hours, or (`is_first`) for the digits sent to it (T12)."""

    change_id: UUID
    by_kind: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class ContactChangeEnded(Fact):
    """What waited was applied, stopped or dropped; told to every address of before."""

    change_id: UUID
    outcome: str
