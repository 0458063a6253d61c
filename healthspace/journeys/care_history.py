"""Taking in the insurer's files of reimbursed care: read, found, sealed and noted, some thousand people at a time.

May be stopped and started again, or run twice: a line that is here already changes nothing.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from healthspace.common import clock, fault
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Conflict, Invalid
from healthspace.enrolment.actions import content as enrolment
from healthspace.enrolment.actions import pool
from healthspace.profile import actions as profile
from healthspace.profile import reads as profile_reads
from healthspace.profile.adapters.care_files import PART_BYTES, Care, Fault, Part, parts, read
from healthspace.profile.rules import CareLine
from healthspace.schema.many import read_by_key
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import Ins

PROCESSES: Final = 2
FAULTS_KEPT: Final = 10_000
TRIES: Final = 5
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class CareReport:
    """What became of a file: persons by outcome, lines, and where each bad row is."""

    persons: int = 0
    changed: int = 0
    same: int = 0
    unknown: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    lines: int = 0
    secret: int = 0
    wrong: int = 0
    faults: list[Fault] = field(default_factory=list)
    seconds: float = 0.0

    def counts(self) -> dict[str, Any]:
        """All but the bad rows and the time, to be kept."""
        return {name: value for name, value in asdict(self).items() if name not in {"faults", "seconds"}}

    def add(self, counts: Mapping[str, Any], faults: Sequence[Fault] = ()) -> None:
        """What came of a part, to what came of the others."""
        for name, value in counts.items():
            if name == "left_out":
                for state, count in value.items():
                    self.left_out[state] = self.left_out.get(state, 0) + count
            else:
                setattr(self, name, getattr(self, name) + value)
        self.faults += faults[: FAULTS_KEPT - len(self.faults)]

    def note(self, wrong: Fault) -> None:
        """Count one bad row; the first ten thousand are told."""
        self.wrong += 1
        if len(self.faults) < FAULTS_KEPT:
            self.faults.append(wrong)


def take_in(path: Path, *, processes: int = PROCESSES, progress: Progress = lambda persons, lines: None) -> CareReport:
    """Keep every line of the file in the history of its person, before or after opening; for the worker's role.

    Rows of secret care are left out (CSP R1111-33); a bad row is told and holds nothing else up. A run that was
    stopped goes on where it was; its bad rows were told then.
    """
    report, begun, digest = CareReport(), time.monotonic(), _digest(path)
    done = profile.parts_taken(digest)
    for counts in done.values():
        report.add(counts)

    def add(of_part: CareReport) -> None:
        report.add(of_part.counts(), of_part.faults)
        progress(report.persons, report.lines)

    take = partial(_take, digest, frozenset(profile_reads.categories()), clock.today())
    waiting = (part for part in parts(path) if part.number not in done)
    is_small = path.stat().st_size <= PART_BYTES
    pool.run(waiting, take, processes=1 if is_small else processes, done=add)
    profile.forget_parts(digest)
    report.seconds = time.monotonic() - begun
    return report


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _take(digest: str, categories: frozenset[str], today: date, part: Part) -> CareReport:
    """One part in one transaction; again when another process wrote the same people meanwhile."""
    for attempt in range(TRIES):
        report = CareReport()
        found = list(read(part, categories=categories, today=today, fault=report.note))
        try:
            _keep(found, report, digest, part.number)
        except Conflict:
            if attempt == TRIES - 1:
                raise
        else:
            break
    fault.point("history.after_commit")
    return report


def _keep(found: list[Care], report: CareReport, digest: str, number: int) -> None:
    numbers = {one.ins: _ins(one, report) for one in found}
    known = spaces.find_persons(ins for ins in numbers.values() if ins is not None)
    histories: dict[UUID, list[CareLine]] = {}
    for one in found:
        report.persons += 1
        report.lines += len(one.lines)
        report.secret += one.secret
        ins = numbers[one.ins]
        if ins is None:
            continue
        if ins not in known:
            report.unknown += 1
        elif one.lines:
            histories.setdefault(known[ins], []).extend(one.lines)
    with transaction.atomic():
        read_by_key()
        if histories:
            _write(histories, report)
        profile.note_part(digest=digest, number=number, counts=report.counts())
        fault.point("history.before_commit")


def _write(histories: dict[UUID, list[CareLine]], report: CareReport) -> None:
    kept = profile.keep_care_histories(actor=SYSTEM, histories=histories)
    enrolment.note_care_history([*kept.changed, *kept.same])
    report.changed += len(kept.changed)
    report.same += len(kept.same)
    for state in kept.left_out.values():
        report.left_out[state] = report.left_out.get(state, 0) + 1


def _ins(one: Care, report: CareReport) -> Ins | None:
    try:
        return spaces.parse_ins(*one.ins)
    except Invalid as wrong:
        report.note(Fault(one.row, wrong.field, wrong.rule))
        return None
