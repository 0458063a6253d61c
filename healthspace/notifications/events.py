"""What notifications tell themselves, so that a mail that fails never loses the notice."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from healthspace.outbox.events import Fact


@dataclass(frozen=True, slots=True)
class NoticeMade(Fact):
    """A notice stands in the space; a mail may follow."""

    notice_id: UUID
    kind: str
