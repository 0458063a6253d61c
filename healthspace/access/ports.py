"""What an older record says of rights and of its own journal (ENR-10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from healthspace.common.actor import Actor


@dataclass(frozen=True, slots=True)
class OlderTie:
    """An authorisation, block or attending doctor of an older record."""

    kind: Literal["authorisation", "structure", "block", "attending"]
    professional_id: UUID | None
    institution_id: UUID | None
    starts_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OlderTrace:
    """What somebody did in an older record; `number` is the older record's own, `act` a code."""

    number: str
    by: Actor
    on: date
    act: str
    is_secret: bool = False
