"""Note a fact in the deed; it is told after the commit, or never happened."""

from __future__ import annotations

from uuid import UUID

from healthspace.common import clock
from healthspace.outbox import events
from healthspace.outbox.events import Fact
from healthspace.outbox.models import WaitingFact


def publish(*, person_id: UUID, fact: Fact) -> UUID:
    """Write the fact in the current transaction, whose context is this person; its id.

    ValueError when it is about somebody else, or carries more than ids, codes and dates.
    """
    if fact.person_id != person_id:
        raise ValueError("a fact belongs to the person it is about")
    at = clock.now()
    row = WaitingFact(
        person_id=person_id,
        kind=fact.KIND,
        payload=events.to_payload(fact),
        created_at=at,
        next_try_at=at,
    )
    row.save(force_insert=True)
    return row.id
