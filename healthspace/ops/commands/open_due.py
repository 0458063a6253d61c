"""`healthspace open-due`: open every space whose six weeks are over and whose holder did not refuse."""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from django.db import OperationalError, connection

from healthspace.enrolment.actions import opening
from healthspace.ops.faults import CannotRun
from healthspace.ops.supervisor import say

DESCRIPTION = """Opens in steps of some ten thousand spaces, each with its journal line, in one transaction. May be
stopped and started again, or run twice at once: nothing is opened twice, and nobody who refused. The worker of
`healthspace run` does the same by itself; this is for the day when millions are due."""


def main(arguments: list[str]) -> int:
    """Open, and say how many."""
    parser = argparse.ArgumentParser(prog="healthspace open-due", description=DESCRIPTION)
    parser.add_argument("--connections", type=int, default=2, metavar="N", help="how many side by side (2)")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")
    asked = parser.parse_args(arguments)
    if not 1 <= asked.connections <= 16:
        raise CannotRun("--connections is a number from 1 to 16.")
    done = open_all(asked.connections)
    if sys.stderr.isatty():
        print(file=sys.stderr)  # noqa: T201
    if asked.json:
        say(json.dumps(asdict(done)))
    else:
        rate = done.spaces / done.seconds if done.seconds else 0
        say(f"{done.spaces} spaces opened from {done.batches} batches in {done.seconds:.1f} s ({rate:.0f}/s).")
        say(f"{done.others} persons of these batches had answered, died or been informed anew, and were left alone.")
    return 0


def open_all(connections: int) -> opening.Opened:
    """Everything that is due, by several connections side by side; `seconds` are those of the slowest."""
    with ThreadPoolExecutor(connections) as several:
        waited = [several.submit(_open) for _ in range(connections)]
        parts = [one.result() for one in waited]
    total = opening.Opened()
    for part in parts:
        total += part
    return opening.Opened(total.spaces, total.batches, total.others, max(part.seconds for part in parts))


def _open() -> opening.Opened:
    try:
        return opening.open_due(progress=_show)
    except OperationalError as gone:
        raise CannotRun("The database went away. Start it, then the command again: what is open stays open.") from gone
    finally:
        connection.close()


def _show(done: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} spaces opened", end="", file=sys.stderr, flush=True)  # noqa: T201
