"""Children who have come of age: told by a letter of their own, never through a parent (CHI-6). Worker's role."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from healthspace.common import clock
from healthspace.common.ids import NIL
from healthspace.enrolment.reads import addressees as people
from healthspace.enrolment.rules import claims as rules

AT_ONCE: Final = 1000
# The year leaves few; their day is sealed, and looked at.
_PLACED: Final = (
    "SELECT person_id FROM enrolment_enrollee WHERE batch_id = %s AND channel = 'parent' AND birth_year <= %s"
    " AND information = 'prepared' AND person_id > %s ORDER BY person_id LIMIT %s FOR UPDATE"
)
_OWN: Final = (
    "UPDATE enrolment_enrollee e SET channel = v.channel, parent_id = NULL, other_parent_id = NULL, batch_id = NULL,"
    " place_in_batch = NULL, information = 'none' FROM unnest(%s::uuid[], %s::text[]) AS v(person_id, channel)"
    " WHERE e.person_id = v.person_id AND e.id = v.person_id"
)
_UNTIE: Final = (
    "DELETE FROM enrolment_dependant d USING enrolment_enrollee e WHERE e.person_id = ANY(%s)"
    " AND d.person_id IN (e.parent_id, e.other_parent_id) AND d.id = e.person_id"
)
_CODES: Final = (
    "UPDATE enrolment_code SET replaced_at = %s WHERE person_id = ANY(%s) AND purpose = 'answer'"
    " AND used_at IS NULL AND replaced_at IS NULL"
)


@transaction.atomic
def leave(batch_id: int, *, on: date) -> int:
    """Who is of age on the day of sending leaves the batch and waits for a letter of their own; how many.

    The code on the letter that the parent may have already dies at once.
    """
    done, after = 0, NIL
    while found := _found(_PLACED, [batch_id, on.year - rules.MAJORITY, after, AT_ONCE]):
        done, after = done + _free(found, on), found[-1]
    return done


def _found(query: str, values: list[object]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [row[0] for row in cursor.fetchall()]


def _free(found: list[UUID], on: date) -> int:
    known = people.addressees(found).values()
    grown = [one for one in known if not rules.is_minor(one.identity.traits.born_on, on)]
    ids = [one.person_id for one in grown]
    ways = ["mail" if one.identity.email else one.way() for one in grown]
    with connection.cursor() as cursor:
        cursor.execute(_UNTIE, [ids])
        cursor.execute(_CODES, [clock.now(), ids])
        cursor.execute(_OWN, [ids, ways])
    return len(grown)
