"""Two numbers that are one person, and one number that was two.

Nothing with content or an answer is ever put together or taken apart by a machine: it becomes a `Case`. While it
is open, the newer row is neither told nor opened: who refused under the former number stays refused (ENR-8).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection

from healthspace.common import clock
from healthspace.enrolment.actions.intake_lines import Around, Line, Part
from healthspace.enrolment.reads import registry as reads
from healthspace.enrolment.rules.registry import Fault, Person
from healthspace.spaces import actions as spaces_actions
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import Traits, traits_differ
from healthspace.vault import reads as vault

UNTOUCHED: Final = frozenset({"not_informed", "informed"})
_CASE: Final = (
    "INSERT INTO enrolment_case (person_id, id, kind, other_id, details, opened_at, outcome)"
    " SELECT %s, gen_random_uuid(), %s, %s, '{}', %s, '' WHERE NOT EXISTS"
    " (SELECT 1 FROM enrolment_case WHERE person_id = %s AND kind = %s AND other_id IS NOT DISTINCT FROM %s)"
)
_HOLD: Final = (
    "UPDATE enrolment_enrollee SET merged_into = %s, information = 'none' WHERE person_id = %s AND merged_into IS NULL"
)
_SET_ASIDE: Final = (
    "UPDATE enrolment_enrollee SET merged_into = %s, channel = 'none', information = 'none' WHERE person_id = %s"
)
_KILL_CODES: Final = (
    "UPDATE enrolment_code SET replaced_at = %s WHERE person_id = %s AND used_at IS NULL AND replaced_at IS NULL"
)
_RELEASE: Final = (
    "UPDATE enrolment_enrollee SET merged_into = NULL, information = 'none', batch_id = NULL, place_in_batch = NULL,"
    " wave_id = NULL WHERE person_id = %s AND merged_into = %s"
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


def renumbered(part: Part, around: Around) -> Iterator[Line]:
    """The lines, after what `former_ins` says was done: a new number for a person, or two rows made one.

    A line that gives somebody's number to somebody else stays out (REG-FORMER).
    """
    for line in part.lines:
        if line.person.former_ins:
            key = around.find(line.person.former_ins.encode())
            former, current = around.persons.get(key), around.persons.get(line.find_key)
            if former and current is None and not _renumber(part, UUID(bytes=former), line, around):
                continue
            if former and current and former != current:
                _merge(UUID(bytes=former), UUID(bytes=current), key, line.person, part.counts)
        yield line


def _renumber(part: Part, former: UUID, line: Line, around: Around) -> bool:
    """Whether the person of the former number is the one of this line, who is now found by both numbers."""
    if not _is_same(former, line.person):
        part.tell(line.number, [Fault("former_ins", "REG-FORMER")])
        part.counts["refused"] += 1
        part.counts["cases"] += _open_case(former, "renumber", None, part.at)
        return False
    spaces_actions.add_number(person_id=former, find_key=line.find_key)
    around.persons[line.find_key] = former.bytes
    part.counts["renumbered"] += 1
    return True


def _is_same(person_id: UUID, person: Person) -> bool:
    """Birth date, sex and one of the names agree (ID-1); False as well when the key of a closed space lies away."""
    kept, sealer = spaces.kept_identities([person_id]).get(person_id), vault.sealers([person_id]).get(person_id)
    if kept is None or sealer is None:
        return False
    known = spaces.from_bytes(sealer.unseal(kept[1], item=person_id, part=spaces.PART), "qualified").traits
    told = Traits(
        person.birth_name, tuple(person.first_names.split()), date.fromisoformat(person.born_on), person.sex,  # type: ignore[arg-type]
        person.birth_place,
    )  # fmt: skip
    differing = set(traits_differ(known, told))
    return not differing & {"born_on", "sex"} and not {"birth_name", "first_names"} <= differing


def split(lines: Sequence[Line], around: Around, counts: Counter[str], at: datetime) -> None:
    """Whoever was mixed up with somebody: both have a row now; what is whose, people must say."""
    for line in lines:
        if line.person.split_from_ins:
            old, new = around.person(line.person.split_from_ins), around.persons.get(line.find_key)
            if old and new and old != new:
                counts["cases"] += _open_case(UUID(bytes=old), "split", UUID(bytes=new), at)


def release(person_id: UUID, former: UUID) -> None:
    """People decided that these are two people: the newer one waits to be told like everybody (T28)."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, [person_id, former])


def _merge(former: UUID, current: UUID, key: bytes, person: Person, counts: Counter[str]) -> None:
    state = spaces.states([former, current])
    row = reads.known([former]).get(former)
    if row is not None and row.merged_into:
        return
    is_free = row is not None and not row.has_content and state.get(former) in UNTOUCHED
    if not is_free or not _is_same(former, person):
        if _open_case(current, "merge", former, clock.now()):
            counts["cases"] += 1
            if state.get(current) in UNTOUCHED:
                _hold(current, former)
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


def _hold(current: UUID, former: UUID) -> None:
    """Out of every letter and opening until people have decided; `release` ends it."""
    spaces_actions.set_aside(person_id=str(current))
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [former, current])
        cursor.execute(_KILL_CODES, [clock.now(), current])


def _open_case(person_id: UUID, kind: str, other_id: UUID | None, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_CASE, [person_id, kind, other_id, at, person_id, kind, other_id])
        return int(cursor.rowcount)
