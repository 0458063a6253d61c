"""What waits for an agent, the oldest first; whose it is only for whoever opens it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.support.models import QueueLine
from healthspace.vault import actions as secrets

SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class QueueCard:
    """One line: what it is about and since when it waits; nobody's name."""

    id: UUID
    kind: str
    topic: str
    since: datetime


def waiting(*, actor: Actor, kind: str) -> tuple[int, tuple[QueueCard, ...]]:
    """How many of this kind ("ticket", "act") wait, and the oldest of them; Refused to anybody but an agent."""
    if actor.kind != "support":
        raise Refused("T12")
    rows = QueueLine.objects.filter(kind=kind)
    cards = tuple(QueueCard(row.uuid, row.kind, row.topic, row.since) for row in rows.order_by("since")[:SHOWN])
    return rows.count(), cards


def whose(*, actor: Actor, item_id: UUID) -> UUID:
    """Whose line this is; Refused to anybody but an agent, and for what does not wait."""
    row = QueueLine.objects.filter(uuid=item_id).first() if actor.kind == "support" else None
    if row is None:
        raise Refused("ABSENT")
    return UUID(bytes=secrets.open_secret(bytes(row.sealed_whose), purpose=purpose(item_id)))


def purpose(item_id: UUID) -> str:
    """Binds what stands sealed in a line to that line."""
    return f"desk-queue:{item_id}"
