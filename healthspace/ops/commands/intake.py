"""`healthspace intake`: take in files of the insurer's register, or of its daily changes."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Final

from healthspace.common.errors import Invalid, Unavailable
from healthspace.enrolment.actions import intake
from healthspace.enrolment.actions.intake import Progress
from healthspace.enrolment.reads import intake as reads
from healthspace.enrolment.reads.intake import Report
from healthspace.ops.faults import CannotRun
from healthspace.ops.told import in_words

DESCRIPTION: Final = """Files are CSV or Parquet, as docs/registry-files.md says. May be stopped and started again, or
run twice: a file is taken in once, and goes on where it stopped. A bad line keeps back only itself.
Exit code 0: every line was taken; 1: some lines were not, or a file is cut; 2: could not begin or go on."""
AGAIN: Final = "Then run the same command: it goes on where it stopped."
WIDTH: Final = 30


def main(arguments: list[str]) -> int:
    """Take in the files in the order of the words, and tell what became of every line."""
    parser = argparse.ArgumentParser(prog="healthspace intake", description=DESCRIPTION)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--faults", type=Path, metavar="CSV", help="write the bad lines to this file")
    parser.add_argument("--processes", type=int, default=intake.PROCESSES, metavar="N", help="how many work at once")
    parser.add_argument("--json", action="store_true", help="the reports as JSON, one line a file")
    asked = parser.parse_args(arguments)
    with in_words():
        reports = [_take_in(path, max(1, asked.processes)) for path in asked.files]
    for report in reports:
        print(json.dumps(asdict(report), default=str) if asked.json else _as_text(report))  # noqa: T201
    if asked.faults:
        _write_faults(asked.faults, reports)
    return 1 if any(report.refused or report.is_whole is False for report in reports) else 0


def _take_in(path: Path, processes: int) -> Report:
    try:
        report = intake.take_in(path, processes=processes, progress=_show)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as fault:
        raise CannotRun(f"{path} is not there, or cannot be read. Give a file.") from fault
    except Invalid as fault:
        raise CannotRun(f"{path.name} ({fault.rule}): {fault.message} {fault.way_out}") from None
    except Unavailable as fault:
        raise CannotRun(f"The intake broke off: {fault}. {AGAIN}") from fault
    if sys.stderr.isatty():
        print(file=sys.stderr)  # noqa: T201
    return report


class _Teller:
    """One line that is written over on a terminal; a line every tenth of the file elsewhere."""

    tenth = -1

    def __call__(self, told: Progress) -> None:
        share = told.lines / max(told.of, 1)
        left = (told.of - told.lines) / max(told.per_second, 1)
        text = f"{told.lines:,}/{told.of:,} lines, {told.per_second:,.0f}/s, {left / 60:.0f} min left"
        if sys.stderr.isatty():
            full = round(share * WIDTH)
            print(f"\r[{'#' * full}{'.' * (WIDTH - full)}] {text:<60}", end="", file=sys.stderr, flush=True)  # noqa: T201
        elif int(share * 10) != self.tenth:
            print(text, file=sys.stderr, flush=True)  # noqa: T201
        self.tenth = int(share * 10)


_show: Final = _Teller()


def _as_text(report: Report) -> str:
    whole = {True: "whole", False: "CUT: lines are missing; deliver it again", None: "no end line: not known if whole"}
    lines = [
        f"{report.name}: {report.lines:,} lines ({whole[report.is_whole]})",
        f"  new           {report.new:,}",
        f"  changed       {report.changed:,} (of them {report.renumbered:,} with a new number)",
        f"  unchanged     {report.unchanged:,}",
        f"  died          {report.died:,} (and {report.died_before:,} who were never enrolled)",
        f"  put away      {report.put_away:,} (space closed or destroyed: left as it is)",
        f"  refused       {report.refused:,}",
        f"  mended        {report.mended:,} (taken without a bad contact)",
        f"  merged        {report.merged:,}; {report.cases:,} cases wait for a decision",
        f"  parents       {report.awaited_parents:,} children wait for a parent who is not in the register",
        f"  doctors       {report.unknown_doctors:,} attending doctors not in the directory",
    ]
    lines += [f"    {field}: {rule}, {count:,} lines" for field, rule, count in report.rules]
    return "\n".join(lines)


def _write_faults(path: Path, reports: list[Report]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "line", "column", "rule"])
        for report in reports:
            writer.writerows([report.name, bad.line, bad.field, bad.rule] for bad in reads.bad_lines(report.intake_id))
