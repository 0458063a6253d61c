"""What a space tells about itself."""

from __future__ import annotations

from dataclasses import dataclass

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
