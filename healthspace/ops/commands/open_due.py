"""`healthspace open-due`: open every space whose six weeks are over and whose holder did not refuse."""

import argparse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from django.db import connection

from healthspace.enrolment.actions import opening
from healthspace.ops.faults import CannotRun
from healthspace.ops.told import Progress, in_words, result

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
    with in_words():
        done = open_all(asked.connections)
    rate = done.spaces / done.seconds if done.seconds else 0
    lines = [
        f"{done.spaces} spaces opened from {done.batches} batches in {done.seconds:.1f} s ({rate:.0f}/s).",
        f"{done.others} persons of these batches had answered, died or been informed anew, and were left alone.",
    ]
    result(lines, asdict(done), as_json=asked.json)
    return 0


def open_all(connections: int) -> opening.Opened:
    """Everything that is due, by several connections side by side; `seconds` are those of the slowest."""
    shown = Progress("open-due")
    with ThreadPoolExecutor(connections) as several:
        waited = [several.submit(_open, shown) for _ in range(connections)]
        parts = [one.result() for one in waited]
    shown.end()
    total = opening.Opened()
    for part in parts:
        total += part
    return opening.Opened(total.spaces, total.batches, total.others, max(part.seconds for part in parts))


def _open(shown: Progress) -> opening.Opened:
    try:
        return opening.open_due(progress=lambda done: shown.show(done, "spaces by one connection"))
    finally:
        connection.close()
