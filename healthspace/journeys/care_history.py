"""Taking in the insurer's files of reimbursed care: read, found, sealed and noted, a few hundred people at a time.

May be stopped and started again, or run twice: a line that is here already changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import transaction

from healthspace.common import clock, fault
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Invalid
from healthspace.enrolment.actions import content as enrolment
from healthspace.profile import actions as profile
from healthspace.profile import reads as profile_reads
from healthspace.profile.adapters.care_files import Care, Fault, read
from healthspace.profile.rules import CareLine
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import Ins

PERSONS_AT_ONCE: Final = 500
FAULTS_KEPT: Final = 10_000
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

    def note(self, wrong: Fault) -> None:
        """Count one bad row; the first ten thousand are told."""
        self.wrong += 1
        if len(self.faults) < FAULTS_KEPT:
            self.faults.append(wrong)


def take_in(path: Path, *, progress: Progress = lambda persons, lines: None) -> CareReport:
    """Keep every line of the file in the history of its person, before or after opening; for the worker's role.

    Rows of secret care are left out (CSP R1111-33); a bad row is told and holds nothing else up.
    """
    report, begun = CareReport(), time.monotonic()
    codes = frozenset(profile_reads.categories())
    found = read(path, categories=codes, today=clock.today(), fault=report.note)
    while batch := list(islice(found, PERSONS_AT_ONCE)):
        _keep(batch, report)
        progress(report.persons, report.lines)
    report.seconds = time.monotonic() - begun
    return report


def _keep(batch: list[Care], report: CareReport) -> None:
    numbers = {one.ins: _ins(one, report) for one in batch}
    known = spaces.find_persons(ins for ins in numbers.values() if ins is not None)
    histories: dict[UUID, list[CareLine]] = {}
    for one in batch:
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
    if histories:
        _write(histories, report)


def _write(histories: dict[UUID, list[CareLine]], report: CareReport) -> None:
    with transaction.atomic():
        kept = profile.keep_care_histories(actor=SYSTEM, histories=histories)
        enrolment.note_care_history([*kept.changed, *kept.same])
        fault.point("history.before_commit")
    fault.point("history.after_commit")
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
