"""Cases: what a person must look at; opened once, however often the same is found. For the worker's role."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import connection

from healthspace.common import clock, ids

UNREACHABLE: Final = "unreachable"
CAME_BACK_LATE: Final = "came_back_late"
_OPEN: Final = (
    "INSERT INTO enrolment_case (person_id, id, kind, details, opened_at, outcome)"
    " SELECT v.p, v.i, %s, '{}', %s, '' FROM unnest(%s::uuid[], %s::uuid[]) AS v(p, i) WHERE NOT EXISTS"
    " (SELECT 1 FROM enrolment_case c WHERE c.person_id = v.p AND c.kind = %s AND c.settled_at IS NULL)"
)


def open_once(person_ids: Iterable[UUID], *, kind: str) -> int:
    """A case of this kind for each of these persons who has none open; how many are new."""
    people = list(person_ids)
    if not people:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [kind, clock.now(), people, [ids.new_id() for _ in people], kind])
        return int(cursor.rowcount)
