"""One part of a register file: its lines read, told apart, and written in one transaction that happens once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from healthspace.common import fault
from healthspace.enrolment.actions import intake_known, intake_rows, merging
from healthspace.enrolment.actions.intake_lines import Around, Line, Part, Row
from healthspace.enrolment.rules.registry import Reader
from healthspace.people import reads as people
from healthspace.spaces import reads as spaces

TRIES: Final = 5
_CLAIM: Final = (
    "INSERT INTO enrolment_intake_part (intake_id, number, counts) VALUES (%s, %s, '{}')"
    " ON CONFLICT (intake_id, number) DO NOTHING"
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


def take(intake_id: int, number: int, rows: Iterable[Row], reader: Reader) -> dict[str, int] | None:
    """Take one part in, whole or not at all; what became of its lines, None when it was taken before."""
    part = Part(intake_id, rows, reader)
    told, faults = part.counts.copy(), list(part.faults)
    for left in reversed(range(TRIES)):
        try:
            return _take(part, number)
        except IntegrityError:  # another process was faster with one of these people
            if not left:
                raise
            part.counts, part.faults = told.copy(), list(faults)
    return None


@transaction.atomic
def _take(part: Part, number: int) -> dict[str, int] | None:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [part.intake_id, number])
        if cursor.rowcount == 0:
            return None
    around = _around(part)
    fresh: list[Line] = []
    again: list[tuple[Line, UUID]] = []
    for line in merging.renumbered(part.lines, around, part.counts):
        person_id = around.persons.get(line.find_key)
        if person_id is not None:
            again.append((line, person_id))
        elif line.person.died_on:
            part.counts["died_before"] += 1
        else:
            fresh.append(line)
    ids = intake_rows.fresh_ids(len(fresh), part.at)
    persons = {**around.persons, **{line.find_key: UUID(bytes=one) for line, one in zip(fresh, ids, strict=True)}}
    around = Around(persons, around.doctors, part.find)
    if fresh:
        intake_rows.enrol(fresh, ids, around, intake_id=part.intake_id, at=part.at)
    part.counts["new"] += len(fresh)
    changed = intake_known.take(part, again, around)
    _await(fresh, changed, around)
    merging.split(part.lines, around, part.counts, part.at)
    fault.point("intake.before_commit")
    _note(part, number)
    return dict(part.counts)


def _around(part: Part) -> Around:
    """Everybody these lines name, looked up at once."""
    keys = {line.find_key for line in part.lines}
    doctors: set[str] = set()
    for line in part.lines:
        person = line.person
        others = (person.parent_ins, person.other_parent_ins, person.former_ins, person.split_from_ins)
        if any(others):
            keys.update(part.find(one.encode()) for one in others if one)
        if person.attending_rpps:
            doctors.add(person.attending_rpps)
    found = people.professional_ids(list(doctors)) if doctors else {}
    part.counts["unknown_doctors"] += len(doctors) - len(found)
    return Around(spaces.persons_of(keys), found, part.find)


def _await(fresh: Sequence[Line], changed: Sequence[Line], around: Around) -> None:
    """Children whose parent is not known yet: linked at the end of the file, or of a later one."""
    awaited: list[tuple[str, str, bool]] = []
    for line in (*fresh, *changed):
        person = line.person
        for ins, is_attachment in ((person.parent_ins, True), (person.other_parent_ins, False)):
            if ins and around.parent(ins) is None:
                child = around.persons[line.find_key]
                awaited.append((str(child), around.find(ins.encode()).hex(), is_attachment))
    with connection.cursor() as cursor:
        if changed:
            cursor.execute(_EXPECT_NO_MORE, [[around.persons[line.find_key] for line in changed]])
        if awaited:
            cursor.execute(_AWAIT, [list(column) for column in zip(*awaited, strict=True)])


def _note(part: Part, number: int) -> None:
    """What became of the lines, in the same transaction as that."""
    with connection.cursor() as cursor:
        if part.faults:
            lines, fields, rules = zip(*part.faults, strict=True)
            cursor.execute(_FAULTS, [part.intake_id, list(lines), list(fields), list(rules)])
        cursor.execute(_COUNT, [json.dumps(part.counts), part.intake_id, number])
