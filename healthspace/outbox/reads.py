"""How the outbox stands: for operators and for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from healthspace.outbox.models import WaitingFact
from healthspace.schema.context import set_context


@dataclass(frozen=True, slots=True)
class FactState:
    """A fact as it stands; `failed_reason` is a code, `next_try_at` None when it is over."""

    id: UUID
    kind: str
    created_at: datetime
    tries: int
    next_try_at: datetime | None
    done_at: datetime | None
    failed_reason: str

    @property
    def is_dead(self) -> bool:
        """Given up, and kept for an operator to look at."""
        return self.done_at is None and self.next_try_at is None


def facts(person_id: UUID) -> list[FactState]:
    """The facts of one person, oldest first; for operators, who see no content in them."""
    with transaction.atomic():
        set_context(person_id)
        rows = WaitingFact.objects.filter(person_id=person_id).order_by("created_at", "id")
        return [FactState(r.id, r.kind, r.created_at, r.tries, r.next_try_at, r.done_at, r.failed_reason) for r in rows]
