"""Opening by law: what was informed, and not refused within six weeks (ENR-3). For the worker's role."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from healthspace.schema.many import Persons
from healthspace.spaces import rules

# An array of ids becomes one pass over the pages of these rows, in the order of the pages.
_OPEN: Final = (
    "WITH opened AS (UPDATE spaces_space SET state = %s, opened_at = %s WHERE person_id = ANY(%s::uuid[])"
    " AND state = %s AND deadline_at <= %s RETURNING person_id)"
    " SELECT array_agg(person_id ORDER BY person_id)::text, count(*) FROM opened"
)
BEFORE: Final = "informed"


def open_due(person_ids: Iterable[UUID] | Persons, *, at: datetime) -> Persons:
    """Open those of these persons who were informed and whose deadline is not after `at`; who was opened.

    In the caller's transaction, which journals them. Whoever refused, died or was never informed is in
    another state and stays so; running twice opens nothing twice.
    """
    asked = Persons.of(person_ids)
    if not asked.count:
        return asked
    after = rules.next_state(BEFORE, "deadline_passed")
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [after, at, asked.array, BEFORE, at])
        return Persons.found(cursor.fetchone())
