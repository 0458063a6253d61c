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
