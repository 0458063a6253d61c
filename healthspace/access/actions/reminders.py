"""Once a year, a month before the end: does the person still want this helper? Without an answer it ends (T23)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import transaction

from healthspace.access import events
from healthspace.access.adapters import caregivers
from healthspace.access.models import Delegation
from healthspace.access.reads import delegations as reads
from healthspace.common import clock
from healthspace.outbox import actions as outbox
from healthspace.schema.context import set_context

AT_ONCE: Final = 500


def ask_again_due() -> int:
    """Ask the persons whose helper's last month has begun, once; how many were looked at, at most `AT_ONCE`. For the
    worker's role, which comes again at once after so many: there is no most for a day.

    Help for a month or less was wanted short, and nobody is asked about it.
    """
    at = clock.now()
    month = caregivers.limits(at.date()).reminder_days * reads.DAY
    due = Delegation._default_manager.filter(reads.running(at), ends_at__lte=at + month, reminded_at=None)
    found = due.filter(starts_at__lte=at - month).order_by("person_id", "id")
    chosen = list(found.values_list("person_id", "id")[:AT_ONCE])
    for person_id, delegation_id in chosen:
        _ask(person_id, delegation_id)
    return len(chosen)


@transaction.atomic(durable=True)
def _ask(person_id: UUID, delegation_id: UUID) -> None:
    """In the person's context; twice is once."""
    set_context(person_id)
    at = clock.now()
    row = Delegation._default_manager.filter(reads.running(at), person_id=person_id, id=delegation_id, reminded_at=None)
    if row.update(reminded_at=at):
        outbox.publish(person_id=person_id, fact=events.HelpersAskedAgain(person_id))
