"""`healthspace refusals`: note the refusal slips that came back by post, from a folder of scans."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from healthspace.common.errors import Invalid
from healthspace.enrolment.actions import forms
from healthspace.enrolment.actions.forms import Report
from healthspace.ops import given
from healthspace.ops.faults import CannotRun

DESCRIPTION = """Reads every *.pdf, *.png, *.tif, *.tiff, *.jpg and *.jpeg of the folder, one sheet a page. A sheet
whose slip can be read is noted as a refusal; its file goes to FOLDER/read. A file with a sheet that a person must
look at goes to FOLDER/to-look-at, and each such sheet is a case on the operator's pages. With --posted-by, for a
folder sorted by postmark, a refusal posted within the six weeks counts even when the space has opened since.
May be stopped and run again. Exit code 0: all noted; 1: some sheets need a person; 2: could not begin."""
WHY = {
    "unreadable": "the file cannot be read, or is cut in the middle",
    "no_slip": "no slip was found on this page",
    "several_slips": "several uncut slips: it is not clear which one is meant",
    "not_ours": "this slip is not one of ours",
    "nobody": "the letter of this slip is not known",
    "late": "the space is already open or closed",
    "answered_since": "the person answered after this letter was made: ask them",
}


def main(arguments: list[str]) -> int:
    """Read one folder and tell what became of every sheet."""
    parser = argparse.ArgumentParser(prog="healthspace refusals", description=DESCRIPTION)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--posted-by", type=given.day, metavar="YYYY-MM-DD", help="the latest postmark in the folder")
    parser.add_argument("--json", action="store_true", help="the report as one JSON object on standard output")
    asked = parser.parse_args(arguments)
    if not asked.folder.is_dir():
        raise CannotRun(f"{asked.folder} is not a folder. Give the folder with the scans.")
    try:
        report = forms.read_folder(asked.folder, posted_by=asked.posted_by, progress=_show)
    except Invalid as fault:
        raise CannotRun(f"{fault.message} {fault.way_out}") from None
    if sys.stderr.isatty():
        print(file=sys.stderr)  # noqa: T201
    print(json.dumps(asdict(report), ensure_ascii=False) if asked.json else _as_text(report))  # noqa: T201
    return 1 if report.faults else 0


def _show(report: Report) -> None:
    """One line that is written over on a terminal; a line every hundred files elsewhere."""
    said = f"{report.files} files, {report.pages} pages, {report.noted} refusals noted"
    if sys.stderr.isatty():
        print(f"\r{said}", end="", file=sys.stderr, flush=True)  # noqa: T201
    elif report.files % 100 == 0:
        print(said, file=sys.stderr, flush=True)  # noqa: T201


def _as_text(report: Report) -> str:
    lines = [
        f"{report.files} files, {report.pages} pages",
        f"{report.noted} refusals noted, {report.noted_before} noted before",
        f"{len(report.faults)} sheets for a person to look at",
    ]
    lines += [f"  {name}, page {page}: {WHY[reason]}" for name, page, reason in report.faults]
    return "\n".join(lines)
