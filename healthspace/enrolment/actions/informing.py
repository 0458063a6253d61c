"""The people of a batch are told: their six weeks begin, their codes live as long. For the worker's role."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection
from django.db.backends.utils import CursorWrapper

from healthspace.audit import actions as audit
from healthspace.enrolment.models import Batch
from healthspace.enrolment.reads.addressees import GONE
from healthspace.schema.many import Persons, read_by_key
from healthspace.spaces import actions as spaces
from healthspace.spaces import reads as space_reads

KIND: Final = "space_informed"
_HELD: Final = (
    "SELECT array_agg(person_id)::text, count(*) FROM enrolment_enrollee"
    " WHERE batch_id = %s AND place_in_batch <= %s AND information = 'prepared' AND merged_into IS NULL"
)
# Whoever answered, died or was merged before the mail or letter left was not told by it.
_SENT: Final = (
    "UPDATE enrolment_enrollee SET information = CASE WHEN person_id = ANY(%s::uuid[]) THEN 'sent' ELSE 'none' END"
    " WHERE batch_id = %s AND place_in_batch <= %s AND information = 'prepared'"
)
_WAIT_AGAIN: Final = (
    "UPDATE enrolment_enrollee SET batch_id = NULL, place_in_batch = NULL, information = 'none'"
    " WHERE batch_id = %s AND place_in_batch > %s"
)
# Nobody reads a letter to a parent who died, closed or was merged since the draft: their children wait again.
_CHILDREN: Final = (
    "SELECT c.person_id, c.parent_id, p.merged_into IS NOT NULL FROM enrolment_enrollee AS c"
    " LEFT JOIN enrolment_enrollee AS p ON p.person_id = c.parent_id AND p.id = c.parent_id"
    " WHERE c.batch_id = %s AND c.place_in_batch <= %s AND c.information = 'prepared' AND c.channel = 'parent'"
    " AND c.parent_id IS NOT NULL"
)
# The address of these lies in the archive, so no letter can be written to them.
NOBODY: Final = GONE | {"closed", "deletion_requested", "suspended"}
_FREE: Final = (
    "UPDATE enrolment_enrollee SET batch_id = NULL, place_in_batch = NULL, information = 'none'"
    " WHERE person_id = ANY(%s::uuid[]) AND batch_id = %s"
)
_CLOCK: Final = (
    "UPDATE enrolment_code SET expires_at = %s WHERE batch_id = %s AND person_id = ANY(%s::uuid[])"
    " AND used_at IS NULL AND replaced_at IS NULL"
)
# What waits again is not in this batch any more.
_COUNT: Final = (
    "UPDATE enrolment_batch SET state = %s, sent_at = %s, deadline_at = %s, letters = letters - %s,"
    " persons = persons - %s WHERE id = %s"
)


def inform(
    batch: Batch, *, sent_at: datetime, deadline_at: datetime, up_to: int | None = None, left_out: int = 0
) -> int:
    """The batch was sent up to this place (all of it); the people after it wait again. How many are told.

    In the caller's transaction. `left_out`: letters after that place.
    """
    end = batch.persons if up_to is None else up_to
    with connection.cursor() as cursor:
        read_by_key()
        freed = _free_children_of_nobody(cursor, batch.id, end)
        cursor.execute(_HELD, [batch.id, end])
        held = Persons.found(cursor.fetchone())
        told = spaces.inform_all(held, sent_at=sent_at, deadline_at=deadline_at)
        cursor.execute(_SENT, [told.array, batch.id, end])
        cursor.execute(_CLOCK, [deadline_at, batch.id, told.array])
        cursor.execute(_WAIT_AGAIN, [batch.id, end])
        waiting = cursor.rowcount + freed
        state = "sent" if end else "cancelled"
        times = (sent_at, deadline_at) if end else (None, None)
        cursor.execute(_COUNT, [state, *times, left_out, waiting, batch.id])
    if told.count:
        audit.record_all(told, kind=KIND, at=sent_at, rule="ENR-2")
    return told.count


def _free_children_of_nobody(cursor: CursorWrapper, batch_id: int, end: int) -> int:
    """Children whose letter was not made, for its reader is gone, were not told by it; how many."""
    cursor.execute(_CHILDREN, [batch_id, end])
    children = cursor.fetchall()
    states = space_reads.states({parent_id for _, parent_id, _ in children})
    freed = [one for one, parent_id, is_merged in children if is_merged or states.get(parent_id, "deleted") in NOBODY]
    if freed:
        cursor.execute(_FREE, [Persons.of(freed).array, batch_id])
    return len(freed)
