"""`healthspace cases`: what a person must look at: unreachable people, unreadable forms, late answers, merges."""

import argparse
from dataclasses import asdict
from uuid import UUID

from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Invalid
from healthspace.enrolment.actions import cases as acts
from healthspace.enrolment.reads import cases
from healthspace.journeys import desk_cases
from healthspace.ops.faults import CannotRun
from healthspace.ops.told import in_words, result

DESCRIPTION = """Lists the open cases, oldest first: number of the case, what it is, pseudonym of the person. With
--settle, writes down that one of them was dealt with, and how. The operator's pages say what each kind asks for.
A case of the kind merge is settled by two agents of the help desk: --to-desk puts it among their acts. It stays open
here while they do not agree: hand it over again."""


def main(arguments: list[str]) -> int:
    """List them, or settle one."""
    parser = argparse.ArgumentParser(prog="healthspace cases", description=DESCRIPTION)
    parser.add_argument("--kind", default="", help="only these, such as unreachable")
    parser.add_argument("--limit", type=int, default=1000, metavar="N", help="at most so many (1000)")
    parser.add_argument("--settle", type=UUID, metavar="CASE", help="number of a case that was dealt with")
    parser.add_argument("--outcome", default="", metavar="TEXT", help="how, in a word or two; no name")
    parser.add_argument("--to-desk", type=UUID, metavar="CASE", help="a merge: two agents of the help desk answer")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    asked = parser.parse_args(arguments)
    if bool(asked.settle) != bool(asked.outcome):
        parser.error("--settle CASE and --outcome TEXT go together")
    with in_words("There is no such open case."):
        if asked.to_desk:
            desk_cases.hand_over(actor=SYSTEM, case_id=asked.to_desk)
            result(["The help desk has it among its acts."], {"handed_over": asked.to_desk}, as_json=asked.json)
            return 0
        if asked.settle:
            _settle(asked)
            result(["The case is settled."], {"settled": asked.settle, "outcome": asked.outcome}, as_json=asked.json)
            return 0
        _list(cases.open_cases(kind=asked.kind, limit=max(asked.limit, 0)), as_json=asked.json)
    return 0


def _settle(asked: argparse.Namespace) -> None:
    try:
        acts.settle(actor=SYSTEM, case_id=asked.settle, outcome=asked.outcome)
    except Invalid as fault:
        if fault.field != "agents":
            raise
        raise CannotRun("A merge takes two agents of the help desk: hand it over with --to-desk CASE.") from None


def _list(found: tuple[cases.CaseCard, ...], *, as_json: bool) -> None:
    for one in found:
        details = ", ".join(f"{name} {value}" for name, value in one.details.items())
        line = f"{one.id}  {one.opened_at:%Y-%m-%d %H:%M}  {one.kind:<20} {one.person_id}  {details}".rstrip()
        result([line], asdict(one), as_json=as_json)
    if not as_json:
        result([f"{len(found)} open cases."], {}, as_json=False)
