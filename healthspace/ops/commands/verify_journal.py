"""`healthspace verify-journal`: does every line of the journal stand as it was written?"""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

from healthspace.audit.reads import JournalReport
from healthspace.audit.reads import verify as verify_all
from healthspace.ops.faults import CannotRun
from healthspace.ops.supervisor import say
from healthspace.vault import reads as vault

DESCRIPTION = """Streams the whole journal against its tree, as the worker's role. Exit code 0: whole; 1: something is
wrong, each finding on a line; 2: could not begin. Give the checkpoints that witnesses keep, for only they show a
tree that was rebuilt whole with the signing key."""
MEANINGS = {
    "changed": "a line is not what it was when it was written",
    "missing": "a line is gone",
    "doubled": "two lines claim one place",
    "beyond": "a line claims a place beyond the tree",
    "waiting": "a line waits too long for its place",
    "tile": "a piece of the tree does not fit",
    "checkpoint": "a signed checkpoint does not fit the tree",
    "witness": "a witness saw another history",
}


def main(arguments: list[str]) -> int:
    """Check and tell."""
    parser = argparse.ArgumentParser(prog="healthspace verify-journal", description=DESCRIPTION)
    parser.add_argument("--witnessed", type=Path, action="append", default=[], help="a checkpoint a witness kept")
    parser.add_argument("--open", action="store_true", help="also open what is sealed, and compare (slower)")
    parser.add_argument("--json", action="store_true", help="the report as one JSON object")
    asked = parser.parse_args(arguments)
    try:
        witnessed = [path.read_text() for path in asked.witnessed]
    except OSError as fault:
        raise CannotRun(f"The checkpoint {fault.filename} cannot be read. Give the file a witness keeps.") from None
    report = verify_all(unseal_for=_opener if asked.open else None, witnessed=witnessed)
    say(json.dumps(asdict(report), default=str) if asked.json else _as_text(report))
    return 0 if report.is_whole else 1


def _opener(person_id: UUID) -> Callable[[bytes, UUID], bytes] | None:
    """How lines of one person are opened; None when the person's key was destroyed."""
    try:
        sealer = vault.sealer(person_id)
    except vault.KeyDestroyed:
        return None
    return lambda sealed, event_id: sealer.unseal(sealed, item=event_id, part="event")


def _as_text(report: JournalReport) -> str:
    lines = [
        f"tree          {report.size} lines, {report.lines} read",
        f"opened        {report.payloads_opened}, destroyed with their person's key {report.payloads_destroyed}",
        f"waiting       {report.waiting}",
        f"problems      {report.problems}",
    ]
    for one in report.findings:
        lines.append(
            f"  {one.what} at {one.index}: {MEANINGS[one.what]} (person {one.person_id}, event {one.event_id})"
        )
    lines.append("The journal is whole." if report.is_whole else "The journal is NOT whole.")
    return "\n".join(lines)
