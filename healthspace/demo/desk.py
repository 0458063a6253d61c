"""Two agents of the help desk, so that acts of two agents can be tried."""

from __future__ import annotations

from typing import Final

from healthspace.common.actor import SYSTEM
from healthspace.people import actions as people
from healthspace.people import reads as people_reads
from healthspace.support import actions as support

SECOND: Final = "noa.accueil"
AGENTS: Final = {"sacha.accueil": "Sacha Lemoine", SECOND: "Noa Perrin"}  # login, name in people's journals


def settle(password: str) -> None:
    """Their accounts and names; twice is once."""
    for login, name in AGENTS.items():
        account = people_reads.account_by_login(login)
        if account is None:
            account = people.create_account(login=login, password=password, kind="support")
        support.name_agent(actor=SYSTEM, account_id=account.id, name=name)
