"""Lists of the post and the printer: letters that came back, batches that left. For the worker's role."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.enrolment.actions import sending, undelivered
from healthspace.enrolment.rules import references

MOST_FAULTS_TOLD = 1000


@dataclass(slots=True)
class Report:
    """What a list did: letters returned (or people informed), of which unreachable, late, known; bad lines."""

    done: int = 0
    unreachable: int = 0
    late: int = 0
    known: int = 0
    faults: list[tuple[int, str, str]] = field(default_factory=list)

    def fault(self, line: int, name: str, rule: str) -> None:
        """A line that was not taken: its number, column and rule."""
        if len(self.faults) < MOST_FAULTS_TOLD:
            self.faults.append((line, name, rule))


def read_returned(lines: Iterable[str], *, progress: Callable[[Report], None] = lambda report: None) -> Report:
    """Letters that came back, one `reference` a line (CSV with a head line; comma or semicolon).

    Bad lines are told and hold nothing else back; the same list again changes nothing.
    """
    report = Report()
    for number, row in _rows(lines, ("reference",)):
        try:
            batch_id, place = references.read(row.get("reference") or "")
        except Invalid as fault:
            report.fault(number, fault.field, fault.rule)
            continue
        outcome = undelivered.note(batch_id, place, way="returned")
        report.done += 1
        report.unreachable += outcome == "unreachable"
        report.late += outcome == "late"
        report.known += outcome in {"known", "answered"}
        progress(report)
    return report


def read_posted(lines: Iterable[str], *, progress: Callable[[Report], None] = lambda report: None) -> Report:
    """Batches that went to the post: `batch` (or a letter's reference) and `on` (2027-01-31) a line."""
    report = Report()
    for number, row in _rows(lines, ("batch", "on")):
        try:
            on = date.fromisoformat((row.get("on") or "").strip())
        except ValueError:
            report.fault(number, "on", "DATE")
            continue
        try:
            report.done += sending.posted(batch_number(row.get("batch") or ""), on)
        except Invalid as fault:
            report.fault(number, fault.field, fault.rule)
        except Conflict:
            report.fault(number, "batch", "STATE")
        except Refused:
            report.fault(number, "batch", "ABSENT")
        progress(report)
    return report


def batch_number(text: str) -> int:
    """A batch by its number, or by the reference of one of its letters."""
    word = text.strip()
    return int(word) if word.isdecimal() and len(word) <= 9 else references.read(word)[0]


def _rows(lines: Iterable[str], wanted: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    walk = iter(lines)
    head = next(walk, "").lstrip("\ufeff")
    comma = ";" if ";" in head else ","
    names = [name.strip().lower() for name in next(csv.reader([head], delimiter=comma), [])]
    missing = [name for name in wanted if name not in names]
    if missing:
        raise Invalid("file", "CSV", f"The first line names no column {missing[0]}.", f"Write: {comma.join(wanted)}")
    for number, values in enumerate(csv.reader(walk, delimiter=comma), 2):
        if values:
            yield number, dict(zip(names, values, strict=False))
