"""`healthspace suspend PERSON`: the insurer suspends a space for a misuse or a malfunction, or ends the suspension."""

import argparse
from uuid import UUID

from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Conflict
from healthspace.ops.faults import CannotRun
from healthspace.ops.told import in_words, result
from healthspace.spaces import actions as spaces

DESCRIPTION = """Suspends an active space: nobody reads it or files in it. The holder is told by mail and can object on
their page; without an objection it closes after six weeks and is kept ten years (CSP R1111-36)."""


def main(arguments: list[str]) -> int:
    """Suspend, or lift."""
    parser = argparse.ArgumentParser(prog="healthspace suspend", description=DESCRIPTION)
    parser.add_argument("person", type=UUID, help="the person's pseudonym, as `healthspace cases` names it")
    parser.add_argument("--lift", action="store_true", help="end the suspension: the space is open again")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")
    asked = parser.parse_args(arguments)
    act = spaces.lift_suspension if asked.lift else spaces.suspend
    with in_words("There is no such space here."):
        try:
            act(actor=SYSTEM, person_id=asked.person)
        except Conflict:
            raise CannotRun(
                "Only a suspended space can be given back." if asked.lift else "Only an active space can be suspended."
            ) from None
    done = "It is open again." if asked.lift else "It is suspended; the holder is told and has six weeks to object."
    result([done], {"person": asked.person, "suspended": not asked.lift}, as_json=asked.json)
    return 0
