"""`healthspace history`: the insurer's files of reimbursed care become everybody's care history."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from django.db import OperationalError

from healthspace.common.errors import Invalid
from healthspace.journeys.care_history import CareReport, take_in
from healthspace.ops.faults import CannotRun

DESCRIPTION = """CSV (UTF-8, commas) or Parquet with the columns ins, oid, on, category, label and, where known, code,
quantity, provider, place, reference, secret (docs/care-history-files.md). Rows of one person stand together. May be
stopped and started again, or run twice: nothing is kept twice. Exit code 0: all rows taken; 1: some were not; 2: could
not begin."""
TOLD = 50


def main(arguments: list[str]) -> int:
    """Take in each file, then say what became of it."""
    parser = argparse.ArgumentParser(prog="healthspace history", description=DESCRIPTION)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--json", action="store_true", help="one JSON object a file on standard output")
    asked = parser.parse_args(arguments)
    worst = 0
    for path in asked.files:
        report = _taken(path)
        print(json.dumps({"file": path.name} | asdict(report)) if asked.json else _told(path, report))  # noqa: T201
        worst = max(worst, int(bool(report.wrong)))
    return worst


def _taken(path: Path) -> CareReport:
    try:
        report = take_in(path, progress=_show)
    except Invalid as wrong:
        raise CannotRun(f"{path.name}: {wrong.message}") from wrong
    except FileNotFoundError as missing:
        raise CannotRun(f"{path.name} is not there.") from missing
    except OperationalError as gone:
        raise CannotRun("The database went away. Start it, then the command again: what is kept stays kept.") from gone
    if sys.stderr.isatty():
        print(file=sys.stderr)  # noqa: T201
    return report


def _show(persons: int, lines: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{persons} persons, {lines} lines", end="", file=sys.stderr, flush=True)  # noqa: T201
    elif persons % 100_000 == 0:
        print(f"{persons} persons, {lines} lines", file=sys.stderr, flush=True)  # noqa: T201


def _told(path: Path, report: CareReport) -> str:
    rate = report.persons / report.seconds if report.seconds else 0
    told = [
        f"{path.name}: {report.persons} persons, {report.lines} lines in {report.seconds:.1f} s ({rate:.0f} persons/s)",
        f"  changed {report.changed}, known before {report.same}, unknown persons {report.unknown}",
    ]
    told += [f"  {state}: {count}, nothing kept" for state, count in sorted(report.left_out.items())]
    if report.secret:
        told.append(f"  {report.secret} lines of secret care left out")
    told += [f"  row {one.row}: {one.field}, {one.rule}" for one in report.faults[:TOLD]]
    if report.wrong > TOLD:
        told.append(f"  and {report.wrong - TOLD} more rows not taken (the first 10,000 with --json)")
    return "\n".join(told)
