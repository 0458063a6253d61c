"""`healthspace takeover`: older records, as folders after IHE XDM, move into the health spaces."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from django.db import OperationalError

from healthspace.common.errors import Invalid
from healthspace.journeys.loading.parcels import Unreadable
from healthspace.journeys.takeover import Taken, take_in
from healthspace.ops.faults import CannotRun

DESCRIPTION = """Every METADATA.XML under the folder is one older record (IHE XDM, ITI-32), with its RECORD.json
beside it (docs/older-records.md). Closed records stay out; from TAKEOVER_ON no newer one is taken. May be stopped and
started again, or run twice: nothing moves twice. Exit code 0: all taken; 1: some were not; 2: could not begin."""


def main(arguments: list[str]) -> int:
    """Move every record of the folder in, then say what became of it."""
    parser = argparse.ArgumentParser(prog="healthspace takeover", description=DESCRIPTION)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="the report as one JSON object on standard output")
    asked = parser.parse_args(arguments)
    try:
        taken = take_in(asked.folder, progress=_show)
    except Unreadable as wrong:
        raise CannotRun(f"{asked.folder} is no folder that can be read.") from wrong
    except Invalid as wrong:
        raise CannotRun(f"{wrong.message} {wrong.way_out}") from wrong
    except OperationalError as gone:
        raise CannotRun("The database went away. Start it, then the command again: what is in stays in.") from gone
    if sys.stderr.isatty():
        print(file=sys.stderr)  # noqa: T201
    print(json.dumps(asdict(taken)) if asked.json else _told(taken))  # noqa: T201
    return 1 if taken.failed else 0


def _show(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}/{total} records", end="", file=sys.stderr, flush=True)  # noqa: T201
    elif done % 1000 == 0 or done == total:
        print(f"{done}/{total} records", file=sys.stderr, flush=True)  # noqa: T201


def _told(taken: Taken) -> str:
    told = [
        f"records       {taken.records} in {taken.seconds:.1f} s",
        f"filed         {taken.filed} documents",
        f"known before  {taken.duplicates} documents",
        f"rights, lines {taken.rights_and_lines} new",
        f"closed        {taken.closed} records, left out",
        f"failed        {taken.failed}",
    ]
    told += [f"left out      {count} records: {why}" for why, count in sorted(taken.left_out.items())]
    told += [f"  {one.file} {one.document}: {one.reason}" for one in taken.reasons[:50]]
    if len(taken.reasons) > 50:
        told.append(f"  and {len(taken.reasons) - 50} more (the first 10,000 with --json)")
    if any("ENR-10" in one.reason for one in taken.reasons):
        told.append("ENR-10: created on or after the takeover date; nobody can create an older record any more.")
    return "\n".join(told)
