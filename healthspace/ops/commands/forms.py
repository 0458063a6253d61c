"""`healthspace forms`: carry out the signed paper forms that came back by post, from a folder of scans."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from healthspace.journeys import paper
from healthspace.journeys.paper import Report
from healthspace.ops.faults import CannotRun

DESCRIPTION = """Reads every *.pdf, *.png, *.tif, *.tiff, *.jpg and *.jpeg of the folder, one sheet a page. Look at each
sheet before you scan it, and say with --signed that you did: only a signed one may be carried out. A form whose square
can be read is carried out once, told in the journal of the person and by a notice; its file goes to FOLDER/read. A file
with a sheet that a person must look at goes to FOLDER/to-look-at. May be stopped and run again. Exit code 0: all done;
1: some sheets need a person; 2: could not begin."""
WHY = {
    "unreadable": "the file cannot be read, or is cut in the middle",
    "no_square": "no square was found on this page",
    "not_ours": "this square is not one of our forms",
    "several": "several forms on one page: it is not clear which one is meant",
    "used": "this form was carried out before",
    "old": "this form is too old (six months; thirty days from a desk), or its session of help was cut",
    "nobody": "this form is not known, or is a sheet of consent for a desk",
    "not_possible": "the state of the space does not allow it any more: ask the person",
}


def main(arguments: list[str]) -> int:
    """Carry out one folder and tell what became of every sheet."""
    parser = argparse.ArgumentParser(prog="healthspace forms", description=DESCRIPTION)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="the report as one JSON object on standard output")
    parser.add_argument("--signed", action="store_true", help="I looked at every sheet: each one is signed by hand")
    asked = parser.parse_args(arguments)
    if not asked.signed:
        raise CannotRun("Look at every sheet first. When each one is signed by hand, say so with --signed.")
    if not asked.folder.is_dir():
        raise CannotRun(f"{asked.folder} is not a folder. Give the folder with the scans.")
    report = paper.take_in(asked.folder, progress=_show)
    if sys.stderr.isatty():
        print(file=sys.stderr)  # noqa: T201
    print(json.dumps(asdict(report), ensure_ascii=False) if asked.json else _as_text(report))  # noqa: T201
    return 1 if report.faults else 0


def _show(report: Report) -> None:
    """One line that is written over on a terminal."""
    if sys.stderr.isatty():
        said = f"{report.files} files, {report.pages} pages, {report.done} forms carried out"
        print(f"\r{said}", end="", file=sys.stderr, flush=True)  # noqa: T201


def _as_text(report: Report) -> str:
    lines = [
        f"{report.files} files, {report.pages} pages",
        f"{report.done} forms carried out",
        f"{len(report.faults)} sheets for a person to look at",
    ]
    lines += [f"  {name}, page {page}: {WHY[reason]}" for name, page, reason in report.faults]
    return "\n".join(lines)
