"""`healthspace letters`: print the single letters that were ordered (new codes, confirmations of refusals)."""

import argparse
from dataclasses import asdict
from pathlib import Path

from healthspace.enrolment.actions import ordered
from healthspace.ops.told import in_words, result

DESCRIPTION = """Writes print-ready files into FOLDER for everybody who waits for a single letter, and settles the
orders. May be stopped and run again, also twice at once. Exit code 0: all written; 1: some people have no postal
address (`healthspace cases --kind unreachable`)."""


def main(arguments: list[str]) -> int:
    """Print what was ordered, and say how many."""
    parser = argparse.ArgumentParser(prog="healthspace letters", description=DESCRIPTION)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")
    asked = parser.parse_args(arguments)
    with in_words():
        done = ordered.print_ordered(asked.folder)
    said = f"{done.letters} letters in {done.files} files; {done.without_address} without a postal address"
    result([said], asdict(done), as_json=asked.json)
    return 1 if done.without_address else 0
