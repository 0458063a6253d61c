"""Coming of age: from the eighteenth birthday on nobody is told through a parent (CHI-6). For the worker's role.

The register names nobody for a birthday, so it is looked at when letters are drafted, made and sent, and daily.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from healthspace.common import clock
from healthspace.enrolment.actions import cases
from healthspace.enrolment.reads import addressees as people
from healthspace.enrolment.rules.claims import MAJORITY, is_minor

PORTION: Final = 2000
# Whoever was told as a child stays on that letter while its six weeks run: it may still come back.
_TOO_OLD: Final = (
    "SELECT person_id FROM enrolment_enrollee WHERE birth_year <= %s AND person_id > %s AND merged_into IS NULL"
    " AND (channel = 'parent' OR parent_id IS NOT NULL OR other_parent_id IS NOT NULL) AND information <> 'sent'"
    " ORDER BY person_id LIMIT %s"
)
_ON_LETTERS: Final = (
    "SELECT person_id FROM enrolment_enrollee WHERE batch_id = %s AND channel = 'parent'"
    " AND information = 'prepared' AND birth_year <= %s ORDER BY person_id FOR UPDATE"
)
_PARENTS: Final = (
    "SELECT parent_id, other_parent_id FROM enrolment_enrollee WHERE person_id = ANY(%s::uuid[]) FOR UPDATE"
)
_UNTIE: Final = "DELETE FROM enrolment_dependant WHERE person_id = ANY(%s::uuid[]) AND id = ANY(%s::uuid[])"
_KEEP_PLACE: Final = (
    "INSERT INTO enrolment_earlier_place (person_id, id, batch_id, place_in_batch)"
    " SELECT person_id, gen_random_uuid(), batch_id, place_in_batch FROM enrolment_enrollee"
    " WHERE person_id = ANY(%s::uuid[]) AND information = 'prepared' AND batch_id IS NOT NULL"
)
# The code of a letter to the parent dies before anybody there can use it.
_KILL: Final = (
    "UPDATE enrolment_code SET replaced_at = %s WHERE person_id = ANY(%s::uuid[]) AND purpose = 'answer'"
    " AND batch_id IS NOT NULL AND used_at IS NULL AND replaced_at IS NULL"
)
_LEAVE: Final = (
    "UPDATE enrolment_enrollee SET parent_id = NULL, other_parent_id = NULL, channel = %s,"
    " batch_id = CASE WHEN information = 'prepared' THEN NULL ELSE batch_id END,"
    " place_in_batch = CASE WHEN information = 'prepared' THEN NULL ELSE place_in_batch END,"
    " information = CASE WHEN information = 'prepared' THEN 'none' ELSE information END"
    " WHERE person_id = ANY(%s::uuid[])"
)


def of_age_year(on: date) -> int:
    """The last birth year in which somebody may be of age on this day."""
    return on.year - MAJORITY


def of_age(person_ids: Iterable[UUID], *, on: date) -> set[UUID]:
    """Who of these is 18 or older on this day."""
    found = people.addressees(person_ids)
    return {one for one, card in found.items() if not is_minor(card.identity.traits.born_on, on)}


@transaction.atomic
def leave_parents(person_ids: Iterable[UUID]) -> int:
    """These adults are told by a letter or mail of their own from the next draft on; how many."""
    grown = list(person_ids)
    if not grown:
        return 0
    ways: dict[str, list[UUID]] = {}
    for one in people.addressees(grown).values():
        way = "mail" if one.identity.email else "post" if one.lines else "none"
        ways.setdefault(way, []).append(one.person_id)
    with connection.cursor() as cursor:
        cursor.execute(_PARENTS, [grown])
        cursor.execute(_UNTIE, [[parent for row in cursor.fetchall() for parent in row if parent], grown])
        cursor.execute(_KEEP_PLACE, [grown])
        cursor.execute(_KILL, [clock.now(), grown])
        for way, persons in ways.items():
            cursor.execute(_LEAVE, [way, persons])
    cases.open_once(ways.get("none", []), kind=cases.UNREACHABLE)
    return len(grown)


@transaction.atomic
def leave(batch_id: int, *, on: date) -> int:
    """Who is of age on the day of sending leaves the batch and waits for a letter of their own; how many.

    The code on the letter that the parent may have already dies at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ON_LETTERS, [batch_id, of_age_year(on)])
        asked = [row[0] for row in cursor.fetchall()]
    return leave_parents(of_age(asked, on=on)) if asked else 0


def tend() -> int:
    """Everybody who came of age leaves their parents' letters; daily; how many."""
    today, last, done = clock.today(), UUID(int=0), 0
    while True:
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute(_TOO_OLD, [of_age_year(today), last, PORTION])
                asked = [row[0] for row in cursor.fetchall()]
            if not asked:
                return done
            done += leave_parents(of_age(asked, on=today))
        last = asked[-1]
