"""Note a fact in the deed; it is told after the commit, or never happened."""

from __future__ import annotations

import json
from typing import Final
from uuid import UUID

from healthspace.common import clock, ids
from healthspace.outbox import events
from healthspace.outbox.events import Fact
from healthspace.outbox.models import WaitingFact
from healthspace.schema.message import call, send

# In plain SQL because every deed that changes something pays for it.
_ADD: Final = (
    "INSERT INTO outbox_fact (person_id, id, kind, payload, created_at, tries, next_try_at, failed_reason)"
    " VALUES (%s, %s, %s, %s, %s, 0, %s, '')"
)


def publish(*, person_id: UUID, fact: Fact) -> UUID:
    """Write the fact in the current transaction, whose context is this person; its id.

    ValueError when it is about somebody else, or carries more than ids, codes and dates.
    """
    if fact.person_id != person_id:
        raise ValueError("a fact belongs to the person it is about")
    fact_id, at = ids.new_id(), clock.now()
    payload = json.dumps(events.to_payload(fact))
    send(call(_ADD, [person_id, fact_id, fact.KIND, payload, at, at]))
    return fact_id


def forget_all(*, person_id: UUID) -> None:
    """Drop every fact of a destroyed space, told or not, in the transaction and context of its destruction."""
    WaitingFact.objects.filter(person_id=person_id).delete()
