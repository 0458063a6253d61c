"""`healthspace letters`: print the single letters that were ordered (new codes, confirmations of refusals)."""

import argparse
from pathlib import Path

from healthspace.enrolment.actions import ordered

DESCRIPTION = """Writes print-ready files into FOLDER for everybody who waits for a single letter, and settles the
orders. May be stopped and run again. Exit code 0: all written; 1: some people have no postal address (cases on the
operator's pages)."""


def main(arguments: list[str]) -> int:
    """Print what was ordered, and say how many."""
    parser = argparse.ArgumentParser(prog="healthspace letters", description=DESCRIPTION)
    parser.add_argument("folder", type=Path)
    done = ordered.print_ordered(parser.parse_args(arguments).folder)
    print(f"{done.letters} letters in {done.files} files; {done.without_address} without a postal address")  # noqa: T201
    return 1 if done.without_address else 0
