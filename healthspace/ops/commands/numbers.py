"""`healthspace numbers`: how many persons stand where, by wave, department, age and channel."""

import argparse
from dataclasses import asdict
from typing import Any, Final, get_args

from healthspace.common.clock import now
from healthspace.enrolment.actions import counting
from healthspace.enrolment.reads import numbers
from healthspace.ops.supervisor import say
from healthspace.ops.told import in_words, result

DESCRIPTION = """Counts anew and prints the operator's numbers. Groups of one to nine persons are not told (a dot), nor
what would tell them by subtraction. The worker counts every hour by itself."""
NOT_TOLD: Final = "."


def main(arguments: list[str]) -> int:
    """Count and print."""
    parser = argparse.ArgumentParser(prog="healthspace numbers", description=DESCRIPTION)
    parser.add_argument("--by", choices=get_args(numbers.Breakdown), default="department")
    parser.add_argument("--json", action="store_true", help="everything as one JSON object")
    asked = parser.parse_args(arguments)
    with in_words():
        counting.count_once()
    at = numbers.counted_at() or now()
    if asked.json:
        result([], _whole(at), as_json=True)
        return 0
    rows = (*numbers.by(asked.by, at), numbers.total(at))
    say(f"{asked.by:<12}{'persons':>12}" + "".join(f"{group:>12}" for group in numbers.GROUPS) + f"{'refused %':>12}")
    for row in rows:
        cells = "".join(f"{_told(row.cells[group]):>12}" for group in numbers.GROUPS)
        rate = "-" if row.refusal_rate is None else f"{row.refusal_rate:.2f}"
        say(f"{row.key or 'all':<12}{_told(row.persons):>12}{cells}{rate:>12}")
    for subject, cards in numbers.tallies().items():
        say(f"{subject:<12}" + ", ".join(f"{card.key} {_told(card.number)}" for card in cards))
    return 0


def _whole(at: Any) -> dict[str, Any]:
    tables = {name: [asdict(row) for row in numbers.by(name, at)] for name in get_args(numbers.Breakdown)}
    tallies = {subject: [asdict(card) for card in cards] for subject, cards in numbers.tallies().items()}
    return {"as_of": at, "all": asdict(numbers.total(at)), **tables, "tallies": tallies}


def _told(number: int | None) -> str:
    return NOT_TOLD if number is None else str(number)
