"""Two numbers that are one person, and one number that was two.

Nothing with content is ever put together or taken apart by a machine: it becomes a `Case`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from healthspace.common import clock
from healthspace.enrolment.actions.intake_lines import Around, Line
from healthspace.enrolment.reads import registry as reads
from healthspace.spaces import actions as spaces_actions
from healthspace.spaces import reads as spaces

UNTOUCHED: Final = frozenset({"not_informed", "informed"})
_CASE: Final = (
    "INSERT INTO enrolment_case (person_id, id, kind, other_id, details, opened_at, outcome)"
    " SELECT %s, gen_random_uuid(), %s, %s, '{}', %s, '' WHERE NOT EXISTS"
    " (SELECT 1 FROM enrolment_case WHERE person_id = %s AND kind = %s AND other_id = %s)"
)
_SET_ASIDE: Final = (
    "UPDATE enrolment_enrollee SET merged_into = %s, channel = 'none', information = 'none' WHERE person_id = %s"
)
_KILL_CODES: Final = (
    "UPDATE enrolment_code SET replaced_at = %s WHERE person_id = %s AND used_at IS NULL AND replaced_at IS NULL"
)
_CHILDREN: Final = (
    "WITH moved AS (DELETE FROM enrolment_dependant WHERE person_id = %s RETURNING id, is_attachment)"
    " INSERT INTO enrolment_dependant (person_id, id, is_attachment) SELECT %s, id, is_attachment FROM moved"
    " ON CONFLICT (person_id, id) DO NOTHING RETURNING id"
)
_THEIR_PARENT: Final = (
    "UPDATE enrolment_enrollee SET parent_id = CASE WHEN parent_id = %s THEN %s ELSE parent_id END,"
    " other_parent_id = CASE WHEN other_parent_id = %s THEN %s ELSE other_parent_id END WHERE person_id = ANY(%s)"
)
_AS_CHILD: Final = (
    "DELETE FROM enrolment_dependant WHERE id = %s AND person_id IN"
    " (SELECT unnest(ARRAY[parent_id, other_parent_id]) FROM enrolment_enrollee WHERE person_id = %s)"
)


def renumbered(lines: Sequence[Line], around: Around, counts: Counter[str]) -> Iterator[Line]:
    """The lines, after what `former_ins` says was done: a new number for a person, or two rows made one."""
    for line in lines:
        if line.person.former_ins:
            key = around.find(line.person.former_ins.encode())
            former, current = around.persons.get(key), around.persons.get(line.find_key)
            if former and current is None:
                spaces_actions.add_number(person_id=str(UUID(bytes=former)), find_key=line.find_key)
                around.persons[line.find_key] = former
                counts["renumbered"] += 1
            elif former and current and former != current:
                _merge(UUID(bytes=former), UUID(bytes=current), key, counts)
        yield line


def split(lines: Sequence[Line], around: Around, counts: Counter[str], at: datetime) -> None:
    """Whoever was mixed up with somebody: both have a row now; what is whose, people must say."""
    for line in lines:
        if line.person.split_from_ins:
            old, new = around.person(line.person.split_from_ins), around.persons.get(line.find_key)
            if old and new and old != new:
                counts["cases"] += _open_case(UUID(bytes=old), "split", UUID(bytes=new), at)


def _merge(former: UUID, current: UUID, key: bytes, counts: Counter[str]) -> None:
    state = spaces.states([former, current])
    row = reads.known([former]).get(former)
    if row is None or row.merged_into:
        return
    if row.has_content or state.get(former) not in UNTOUCHED:
        counts["cases"] += _open_case(current, "merge", former, clock.now())
        return
    spaces_actions.move_number(find_key=key, person_id=str(current))
    spaces_actions.set_aside(person_id=str(former))
    with connection.cursor() as cursor:
        cursor.execute(_AS_CHILD, [former, former])
        cursor.execute(_CHILDREN, [former, current])
        children = [child for (child,) in cursor.fetchall()]
        cursor.execute(_THEIR_PARENT, [former, current, former, current, children])
        cursor.execute(_SET_ASIDE, [current, former])
        cursor.execute(_KILL_CODES, [clock.now(), former])
    counts["merged"] += 1


def _open_case(person_id: UUID, kind: str, other_id: UUID, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_CASE, [person_id, kind, other_id, at, person_id, kind, other_id])
        return int(cursor.rowcount)
