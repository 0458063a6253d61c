"""What the desk tells: an answer waits in the space."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from healthspace.outbox.events import Fact


@dataclass(frozen=True, slots=True)
class TicketAnswered(Fact):
    """An agent answered a ticket of this person."""

    ticket_id: UUID
