"""`healthspace posted`: batches of letters went to the post; their six weeks run from that day."""

import argparse
from pathlib import Path

from healthspace.common import clock
from healthspace.enrolment.actions import returned, sending
from healthspace.ops import given
from healthspace.ops.commands.returned import tell
from healthspace.ops.told import Progress, in_words, result

DESCRIPTION = """One batch by its number or the reference of one of its letters, or a CSV file of the printer with
the columns batch and on. Telling it twice changes nothing."""


def main(arguments: list[str]) -> int:
    """Tell one posting, or a list of them; 1 when lines of the list were bad."""
    parser = argparse.ArgumentParser(prog="healthspace posted", description=DESCRIPTION)
    parser.add_argument("batch", nargs="?", help="number of the batch")
    parser.add_argument("--on", type=given.day, metavar="DAY", help="posting day (2027-01-31); today")
    parser.add_argument("--file", type=Path, metavar="FILE", help="CSV with the columns batch and on")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")
    asked = parser.parse_args(arguments)
    if bool(asked.batch) == bool(asked.file):
        parser.error("name a batch or --file FILE")
    with in_words():
        if asked.file:
            shown = Progress("posted")
            with given.file(asked.file), asked.file.open(encoding="utf-8", newline="") as lines:
                report = returned.read_posted(lines, progress=lambda so_far: shown.show(so_far.done, "people"))
            shown.end()
            return tell(f"{report.done} people informed.", report, as_json=asked.json)
        done = sending.posted(returned.batch_number(asked.batch), asked.on or clock.today())
        result([f"{done} people informed."], {"done": done}, as_json=asked.json)
    return 0
