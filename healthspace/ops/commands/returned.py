"""`healthspace returned`: letters that came back."""

import argparse
from dataclasses import asdict
from pathlib import Path

from healthspace.enrolment.actions import returned
from healthspace.ops import given
from healthspace.ops.told import Progress, in_words, result

DESCRIPTION = """A CSV file of the post with the column reference, one letter a line. Whoever cannot be reached
becomes a case; nothing opens for them. The same file again changes nothing."""


def main(arguments: list[str]) -> int:
    """Take in a list; 1 when lines of it were bad."""
    parser = argparse.ArgumentParser(prog="healthspace returned", description=DESCRIPTION)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")
    asked = parser.parse_args(arguments)
    shown = Progress("returned")
    with in_words(), given.file(asked.file), asked.file.open(encoding="utf-8", newline="") as lines:
        report = returned.read_returned(lines, progress=lambda so_far: shown.show(so_far.done, "letters"))
    shown.end()
    sentence = (
        f"{report.done} letters came back: {report.unreachable} people nobody can reach now, {report.late} after their"
        f" space opened, {report.known} known or answered."
    )
    return tell(sentence, report, as_json=asked.json)


def tell(sentence: str, report: returned.Report, *, as_json: bool) -> int:
    """The sentence and the bad lines."""
    lines = [sentence, *(f"line {line}: {name}: {rule}" for line, name, rule in report.faults)]
    result(lines, asdict(report), as_json=as_json)
    return 1 if report.faults else 0
