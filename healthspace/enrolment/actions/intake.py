"""The register of the insurer taken in: streamed, counted, never twice, and continued after a kill (ENR-1)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from healthspace.common import clock, fault
from healthspace.enrolment.actions import intake_part, pool
from healthspace.enrolment.adapters import registry_csv
from healthspace.enrolment.adapters.registry_csv import UNPARTED, Part, Register
from healthspace.enrolment.models import Intake, IntakePart
from healthspace.enrolment.reads import intake as reads
from healthspace.enrolment.reads.intake import Report
from healthspace.enrolment.rules import registry
from healthspace.enrolment.rules.registry import Reader
from healthspace.spaces import reads as spaces
from healthspace.vault import actions as vault

PROCESSES: Final = 2
PARQUET: Final = b"PAR1"
AT_ONCE: Final = 20_000
_AWAITED: Final = (
    "SELECT person_id, id, parent_key, is_attachment FROM enrolment_awaited_parent"
    " WHERE (person_id, id) > (%s, %s) ORDER BY person_id, id LIMIT %s"
)
_FOUND: Final = "DELETE FROM enrolment_awaited_parent WHERE person_id = ANY(%s) AND id = ANY(%s)"
_TIE: Final = (
    "INSERT INTO enrolment_dependant (person_id, id, is_attachment)"
    " SELECT DISTINCT ON (p, c) p, c, a FROM unnest(%s::uuid[], %s::uuid[], %s::bool[]) AS v(p, c, a)"
    " ORDER BY p, c, a DESC ON CONFLICT (person_id, id) DO NOTHING"
)
_LINK: Final = (
    "UPDATE enrolment_enrollee AS e SET parent_id = CASE WHEN a THEN p ELSE e.parent_id END,"
    " other_parent_id = CASE WHEN a THEN e.other_parent_id ELSE p END,"
    " channel = CASE WHEN a THEN 'parent' ELSE e.channel END"
    " FROM unnest(%s::uuid[], %s::uuid[], %s::bool[]) AS v(p, c, a) WHERE e.person_id = c AND a = %s"
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the intake is: lines read of all, and persons a second since this run began."""

    lines: int
    of: int
    per_second: float


def take_in(
    path: Path, *, processes: int = PROCESSES, progress: Callable[[Progress], None] = lambda told: None
) -> Report:
    """Take in a whole file of the register or of its daily changes; what became of its lines.

    For the worker's role. A file that was taken in before is told from its digest and changes nothing; one
    that was broken off goes on where it stopped. `Invalid` when it is no register.
    """
    register = look_at(path)
    vault.prepare_keys()
    intake = _begin(register)
    if intake.ended_at is None:
        fault.point("intake.after_begin")
        _read(register, intake, processes, progress)
        fault.point("intake.before_linking")
        link_children()
        fault.point("intake.before_end")
        _end(register, intake.id)
    return reads.report(intake.id)


def look_at(path: Path) -> Register:
    """The file as what it says it is. `Invalid` when it is no register."""
    with path.open("rb") as file:
        is_parquet = file.read(len(PARQUET)) == PARQUET
    register: Register = _parquet().look_at(path) if is_parquet else registry_csv.look_at(path)
    return register


@cache
def _parquet() -> Any:
    return import_module("healthspace.enrolment.adapters.registry_parquet")  # 20 MB only those with such files carry


def link_children() -> int:
    """Tie children to parents who came later in the file, or in a later one; how many were tied."""
    tied, after = 0, (UUID(int=0), UUID(int=0))
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_AWAITED, [*after, AT_ONCE])
            awaited = cursor.fetchall()
            if not awaited:
                return tied
            after = awaited[-1][:2]
            known = spaces.persons_of({bytes(key) for _, _, key, _ in awaited})
            found = [
                (known[bytes(key)], child, row, is_attachment)
                for child, row, key, is_attachment in awaited
                if bytes(key) in known
            ]
            if found:
                parents, children, rows, kinds = (list(column) for column in zip(*found, strict=True))
                cursor.execute(_TIE, [parents, children, kinds])
                for is_attachment in (True, False):
                    cursor.execute(_LINK, [parents, children, kinds, is_attachment])
                cursor.execute(_FOUND, [children, rows])
                tied += len(found)


def _begin(register: Register) -> Intake:
    intake, _ = Intake.objects.get_or_create(
        digest=register.digest,
        defaults={
            "name": register.path.name[:120],
            "size": register.size,
            "begun_at": clock.now(),
            "counts": {"part_size": register.part_size},
        },
    )
    return intake


def _read(register: Register, intake: Intake, processes: int, progress: Callable[[Progress], None]) -> None:
    counts = dict(IntakePart.objects.filter(intake_id=intake.id).values_list("number", "counts__lines"))
    begun, before, lines = time.monotonic(), sum(counts.values()), sum(counts.values())
    reader = registry.reader(clock.today(), takes_tests=spaces.accepts_tests())

    def done(told: dict[str, int] | None) -> None:
        nonlocal lines
        lines += (told or {}).get("lines", 0)
        progress(Progress(lines, register.lines, (lines - before) / max(time.monotonic() - begun, 0.001)))

    parts = register.parts(counts.keys(), intake.counts["part_size"])
    is_small = register.size <= registry_csv.PART_BYTES
    take = partial(_take, intake.id, reader)
    pool.run(parts, take, processes=1 if is_small else processes, done=done)


def _take(intake_id: int, reader: Reader, part: Part) -> dict[str, int] | None:
    rows = _parquet().rows(part) if part.layout.separator == UNPARTED else registry_csv.rows(part)
    told = intake_part.take(intake_id, part.number, rows, reader)
    fault.point("intake.after_commit")
    return told


@transaction.atomic
def _end(register: Register, intake_id: int) -> None:
    """The sums of the parts, which are not needed any more."""
    intake = Intake.objects.select_for_update().get(id=intake_id)
    if intake.ended_at:
        return
    parts = IntakePart.objects.filter(intake_id=intake_id)
    intake.counts = intake.counts | _summed(parts.values_list("counts", flat=True).iterator())
    intake.counts["is_whole"] = register.is_whole
    intake.position, intake.line, intake.ended_at = register.size, register.lines, clock.now()
    intake.save()
    parts.delete()


def _summed(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(total)
