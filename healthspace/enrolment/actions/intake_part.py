"""One part of a register file: its lines read, told apart, and written in one transaction that happens once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

from healthspace.common import fault
from healthspace.enrolment.actions import intake_known, intake_rows, merging
from healthspace.enrolment.actions.intake_lines import Around, Line, Part, Row
from healthspace.enrolment.rules.registry import Reader
from healthspace.people import reads as people
from healthspace.spaces import reads as spaces

TRIES: Final = 5
MOST_DOCTORS: Final = 100_000
# Not once the file was ended by another process, which then has taken every part.
_CLAIM: Final = (
    "INSERT INTO enrolment_intake_part (intake_id, number, counts) SELECT id, %s, '{}' FROM enrolment_intake"
    " WHERE id = %s AND ended_at IS NULL FOR SHARE ON CONFLICT (intake_id, number) DO NOTHING"
)
_COUNT: Final = "UPDATE enrolment_intake_part SET counts = %s WHERE intake_id = %s AND number = %s"
_FAULTS: Final = (
    "INSERT INTO enrolment_intake_fault (intake_id, line, field, rule)"
    " SELECT %s, * FROM unnest(%s::int8[], %s::text[], %s::text[]) ON CONFLICT (intake_id, line, field) DO NOTHING"
)
_AWAIT: Final = (
    "INSERT INTO enrolment_awaited_parent (person_id, id, parent_key, is_attachment)"
    " SELECT p, gen_random_uuid(), decode(k, 'hex'), a FROM unnest(%s::uuid[], %s::text[], %s::bool[]) AS v(p, k, a)"
)
_EXPECT_NO_MORE: Final = "DELETE FROM enrolment_awaited_parent WHERE person_id = ANY(%s)"


class _Hopes:
    """What this process expects of the next part."""

    is_first = False


_hopes: Final = _Hopes()
_doctors: Final[dict[str, bytes]] = {}


def take(intake_id: int, number: int, rows: Iterable[Row], reader: Reader) -> dict[str, int] | None:
    """Take one part in, whole or not at all; what became of its lines, None when it was taken before.

    After a part in which everybody was new, nobody is looked up first: a number that turns out to be known undoes
    the part, and it is taken again with everybody looked up, as are the parts after it until one is all new.
    """
    part = Part(intake_id, rows, reader)
    told, faults = part.counts.copy(), list(part.faults)
    is_first = _hopes.is_first
    for left in reversed(range(TRIES)):
        try:
            counts = _take(part, number, is_first=is_first)
        except (IntegrityError, OperationalError) as clash:  # known, or another process was faster with somebody
            if not left or (isinstance(clash, OperationalError) and not isinstance(clash.__cause__, DeadlockDetected)):
                raise
            part.counts, part.faults, is_first = told.copy(), list(faults), False
        else:
            _hopes.is_first = bool(counts and counts["new"] == counts["lines"] - counts.get("refused", 0))
            return counts
    return None


@transaction.atomic
def _take(part: Part, number: int, *, is_first: bool) -> dict[str, int] | None:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [number, part.intake_id])
        if cursor.rowcount == 0:
            return None
    around = _around(part, is_first=is_first)
    fresh: list[Line] = []
    again: list[tuple[Line, UUID]] = []
    for line in merging.renumbered(part, around):
        person_id = around.persons.get(line.find_key)
        if person_id is not None:
            again.append((line, UUID(bytes=person_id)))
        elif line.person.died_on:
            part.counts["died_before"] += 1
        else:
            fresh.append(line)
    ids = intake_rows.fresh_ids(len(fresh), part.at)
    around.persons.update({line.find_key: one for line, one in zip(fresh, ids, strict=True)})
    if fresh:
        intake_rows.enrol(fresh, ids, around, intake_id=part.intake_id, at=part.at)
    part.counts["new"] += len(fresh)
    changed = intake_known.take(part, again, around)
    _await(fresh, changed, around)
    merging.split(part.lines, around, part.counts, part.at)
    fault.point("intake.before_commit")
    _note(part, number)
    return dict(part.counts)


def _around(part: Part, *, is_first: bool) -> Around:
    """Everybody these lines name, looked up at once; at first nobody of the lines is expected to be known."""
    keys = set() if is_first else {line.find_key for line in part.lines}
    doctors: set[str] = set()
    for line in part.lines:
        person = line.person
        if person.parent_ins or person.former_ins or person.split_from_ins:
            others = (person.parent_ins, person.other_parent_ins, person.former_ins, person.split_from_ins)
            keys.update([part.find(one.encode()) for one in others if one])
        if person.attending_rpps and person.attending_rpps not in _doctors:
            doctors.add(person.attending_rpps)
    if is_first:
        keys.difference_update([line.find_key for line in part.lines])
        keys.update([line.find_key for line in part.lines if line.person.died_on or line.person.former_ins])
    _learn(doctors)
    part.counts["unknown_doctors"] += sum(
        1 for line in part.lines if line.person.attending_rpps and not _doctors.get(line.person.attending_rpps)
    )
    found = spaces.persons_of(keys) if keys else {}
    return Around({key: person_id.bytes for key, person_id in found.items()}, _doctors, part.find)


def _learn(numbers: set[str]) -> None:
    """Doctors are looked up once a process, the unknown ones as well."""
    if not numbers:
        return
    if len(_doctors) > MOST_DOCTORS:
        _doctors.clear()
    found = people.professional_ids(list(numbers))
    _doctors.update({rpps: found[rpps].bytes if rpps in found else b"" for rpps in numbers})


def _await(fresh: Sequence[Line], changed: Sequence[Line], around: Around) -> None:
    """Children whose parent is not known yet: linked at the end of the file, or of a later one."""
    awaited: list[tuple[str, str, bool]] = []
    for line in (*fresh, *changed):
        person = line.person
        for ins, is_attachment in ((person.parent_ins, True), (person.other_parent_ins, False)):
            if ins and around.person(ins) is None:
                child = around.persons[line.find_key]
                awaited.append((str(UUID(bytes=child)), around.find(ins.encode()).hex(), is_attachment))
    with connection.cursor() as cursor:
        if changed:
            cursor.execute(_EXPECT_NO_MORE, [[UUID(bytes=around.persons[line.find_key]) for line in changed]])
        if awaited:
            cursor.execute(_AWAIT, [list(column) for column in zip(*awaited, strict=True)])


def _note(part: Part, number: int) -> None:
    """What became of the lines, in the same transaction as that."""
    with connection.cursor() as cursor:
        if part.faults:
            lines, fields, rules = zip(*part.faults, strict=True)
            cursor.execute(_FAULTS, [part.intake_id, list(lines), list(fields), list(rules)])
        cursor.execute(_COUNT, [json.dumps(part.counts), part.intake_id, number])
