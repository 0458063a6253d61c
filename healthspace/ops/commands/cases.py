"""`healthspace cases`: what a person must look at: unreachable people, unreadable forms, late answers, merges."""

import argparse
import json
from dataclasses import asdict

from healthspace.enrolment.reads import cases
from healthspace.ops.supervisor import say

DESCRIPTION = (
    """Lists the open cases, oldest first, with pseudonyms only. The operator's pages show how many there are."""
)


def main(arguments: list[str]) -> int:
    """List them."""
    parser = argparse.ArgumentParser(prog="healthspace cases", description=DESCRIPTION)
    parser.add_argument("--kind", default="", help="only these, such as unreachable")
    parser.add_argument("--limit", type=int, default=1000, metavar="N", help="at most so many (1000)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    asked = parser.parse_args(arguments)
    found = cases.open_cases(kind=asked.kind, limit=max(asked.limit, 0))
    for one in found:
        if asked.json:
            say(json.dumps(asdict(one), default=str))
        else:
            details = ", ".join(f"{name} {value}" for name, value in one.details.items())
            say(f"{one.opened_at:%Y-%m-%d %H:%M}  {one.kind:<20} {one.person_id}  {details}")
    if not asked.json:
        say(f"{len(found)} open cases.")
    return 0
