"""`healthspace correct-death PERSON --agents LOGIN LOGIN`: two agents take back a death that was recorded in error."""

import argparse

from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Conflict, Invalid
from healthspace.ops import given
from healthspace.ops.faults import CannotRun
from healthspace.ops.told import in_words, result
from healthspace.people import reads as people
from healthspace.spaces import actions as spaces
from healthspace.support import reads as support

DESCRIPTION = """Takes back a death the register told in error. Two agents of the help desk answer for it: the person's
journal names both. The pages of the help desk do the same, each agent signed in. The running worker gives back, within
seconds, what was there before: state, content, sign-in. Whoever had been told by letter but had not answered counts as
not told. Have the register corrected too."""


def main(arguments: list[str]) -> int:
    """Ask for it; the worker does it."""
    parser = argparse.ArgumentParser(prog="healthspace correct-death", description=DESCRIPTION)
    parser.add_argument("person", type=given.person, help="the person's pseudonym, as `healthspace cases` names it")
    parser.add_argument("--agents", nargs=2, required=True, metavar="LOGIN", help="the two agents who looked at it")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")
    asked = parser.parse_args(arguments)
    first, second = (_agent(login) for login in asked.agents)
    with in_words("There is no such space here."):
        try:
            spaces.correct_death(actor=SYSTEM, person_id=asked.person, agents=(first, second))
        except Invalid:
            raise CannotRun("Two different agents must agree: give the logins of both.") from None
        except Conflict:
            raise CannotRun("No death is recorded that could be taken back.") from None
    result(
        ["It is noted; the worker gives the space back within seconds."], {"person": asked.person}, as_json=asked.json
    )
    return 0


def _agent(login: str) -> str:
    """The name of an agent who can sign in to the help desk."""
    account = people.account_by_login(login)
    if account is None or account.kind != "support" or not account.is_active:
        raise CannotRun(f"“{login}” is no agent of the help desk: `healthspace add account` makes one.")
    return support.agent_name(account.id)
