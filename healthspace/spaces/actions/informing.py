"""Informing by mail or letter: the six weeks begin (ENR-2, ENR-3). For the worker's role."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from healthspace.schema.many import Persons
from healthspace.spaces import rules

EVENT: Final = "inform"
BEFORE: Final = tuple(before for before, event in rules.TRANSITIONS if event == EVENT)
AFTER: Final = "informed"
_INFORM: Final = (
    "WITH informed AS (UPDATE spaces_space SET state = %s, informed_at = %s, deadline_at = %s"
    " WHERE person_id = ANY(%s::uuid[]) AND state = ANY(%s) RETURNING person_id)"
    " SELECT array_agg(person_id ORDER BY person_id)::text, count(*) FROM informed"
)


def inform_all(person_ids: Iterable[UUID] | Persons, *, sent_at: datetime, deadline_at: datetime) -> Persons:
    """The window of these persons runs from `sent_at` to `deadline_at`; those whose window it is.

    In the caller's transaction, which journals them. Whoever was informed before gets a new window (an
    undelivered mail followed by a letter); whoever answered, died or has a space keeps it as it is.
    """
    asked = Persons.of(person_ids)
    if not asked.count:
        return asked
    with connection.cursor() as cursor:
        cursor.execute(_INFORM, [AFTER, sent_at, deadline_at, asked.array, list(BEFORE)])
        return Persons.found(cursor.fetchone())
