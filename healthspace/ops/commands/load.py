"""`healthspace load`: take in folders of CDA documents, FHIR bundles or files with a manifest."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from django.db import OperationalError

from healthspace.common.errors import Invalid
from healthspace.journeys.load import load
from healthspace.journeys.loading.parcels import Report, Unreadable
from healthspace.ops.faults import CannotRun

DESCRIPTION = """Folders are read in the order of names: *.xml as CDA R2, *.json as FHIR R4 bundles, and a folder
with manifest.csv by its rows (columns: file, ins, oid, birth_name, first_names, born_on, sex, birth_place, type,
title, date; if known used_name, author, rpps, institution, finess, media_type, id). May be stopped and started
again, or run twice: nothing is filed twice. Exit code 0: nothing failed; 1: some files failed; 2: could not begin."""


def main(arguments: list[str]) -> int:
    """Load one path and tell what became of every file."""
    parser = argparse.ArgumentParser(prog="healthspace load", description=DESCRIPTION)
    parser.add_argument("path", type=Path, help="a file or a folder")
    parser.add_argument("--json", action="store_true", help="the report as one JSON object on standard output")
    parser.add_argument(
        "--test-identities",
        action="store_true",
        help="give unknown persons a space, and take wrong keys under the test authority (test systems only)",
    )
    asked = parser.parse_args(arguments)
    try:
        report = load(asked.path, test_identities=asked.test_identities, progress=_show)
    except Unreadable as fault:
        raise CannotRun(f"{asked.path} is not there, or cannot be read. Give a file or a folder.") from fault
    except Invalid as fault:
        raise CannotRun(f"{fault.message} On a test system set {fault.way_out}.") from fault
    except OperationalError as fault:
        raise CannotRun(
            "The database went away. Start it, then the load again: what is filed stays filed, the rest follows."
        ) from fault
    if sys.stderr.isatty():
        print(file=sys.stderr)  # noqa: T201
    print(_as_json(report) if asked.json else _as_text(report))  # noqa: T201
    return 1 if report.failed else 0


def _show(name: str, done: int, total: int) -> None:
    """One line that is written over on a terminal; a line every hundred files elsewhere."""
    if sys.stderr.isatty():
        print(f"\r{done}/{total} {name[:80]:<80}", end="", file=sys.stderr, flush=True)  # noqa: T201
    elif done % 100 == 0 or done == total:
        print(f"{done}/{total} files", file=sys.stderr, flush=True)  # noqa: T201


def _as_json(report: Report) -> str:
    return json.dumps(asdict(report), ensure_ascii=False)


def _as_text(report: Report) -> str:
    lines = [
        f"files         {report.files} in {report.seconds:.1f} s",
        f"filed         {report.filed} documents, {report.entries} clinical entries",
        f"known before  {report.duplicates} documents, {report.entries_known} clinical entries",
        f"quarantined   {report.quarantined}",
        f"failed        {report.failed}",
        f"passed over   {report.passed_over} resources that are not clinical (invoices, directory)",
        f"spaces opened {report.spaces_opened}",
    ]
    lines += [f"  {one.outcome}: {one.file} {one.document}: {one.reason}" for one in report.reasons]
    if report.reasons_left_out:
        lines.append(f"  and {report.reasons_left_out} more")
    return "\n".join(lines)
