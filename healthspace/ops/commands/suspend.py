"""`healthspace suspend PERSON`: the insurer suspends a space for a misuse or a malfunction, or ends the suspension."""

import argparse
from uuid import UUID

from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Conflict, Refused
from healthspace.ops.faults import CannotRun
from healthspace.ops.supervisor import say
from healthspace.spaces import actions as spaces

DESCRIPTION = """Suspends an active space: nobody reads it or files in it. The holder is told by mail and can object on
their page; without an objection it closes after six weeks and is kept ten years (CSP R1111-36)."""


def main(arguments: list[str]) -> int:
    """Suspend, or lift."""
    parser = argparse.ArgumentParser(prog="healthspace suspend", description=DESCRIPTION)
    parser.add_argument("person", type=UUID, help="the person's id, as logs and the operator's pages name it")
    parser.add_argument("--lift", action="store_true", help="end the suspension: the space is open again")
    asked = parser.parse_args(arguments)
    act = spaces.lift_suspension if asked.lift else spaces.suspend
    try:
        act(actor=SYSTEM, person_id=asked.person)
    except Refused:
        raise CannotRun("There is no such space here.") from None
    except Conflict:
        raise CannotRun(
            "Only a suspended space can be given back." if asked.lift else "Only an active space can be suspended."
        ) from None
    say("It is open again." if asked.lift else "It is suspended; the holder is told and has six weeks to object.")
    return 0
