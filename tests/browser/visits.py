"""Who a browser visits as, and the pages that they then see."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction

from healthspace.access.rules import SCOPES
from healthspace.common.actor import Actor
from healthspace.common.ids import new_id
from healthspace.people import actions as accounts
from healthspace.support import actions as support
from healthspace.support import reads as agents
from healthspace.web.beside import KEY
from tests import desks, people
from tests.browser import pages
from tests.browser.conftest import Family
from tests.doors.desk_pages import agent

EVERYBODY: Final = (
    "public", "holder", "parent", "professional", "support", "desk", "desk_asking", "desk_beside", "operator",
)  # fmt: skip
OF_OPERATOR: Final = (
    "/operator/", "/operator/cases/", "/operator/waves/", "/operator/numbers/department/", "/operator/numbers/ages/",
)  # fmt: skip


def visit(window: Any, family: Family, who: str) -> list[str]:
    """Sign the window in as that audience; the addresses to look at."""
    match who:
        case "holder":
            window.sign_in(family.amina)
            return [*pages.of_holder(family), *pages.OF_HOLDER_TOO, *_questions(family)]
        case "parent":
            family.amina.representing(family.leo)
            window.sign_in(family.amina)
            return pages.of_parent_of(family.leo.person_id)
        case "professional":
            window.sign_in(family.doctor)
            return pages.of_professional(family)
        case "support":
            return _as_agent(window, family)
        case "desk" | "desk_asking" | "desk_beside":
            return _as_desk(window, family, who)
        case "operator":
            window.sign_in(_operator())
            return list(OF_OPERATOR)
    return list(pages.PUBLIC)


def _operator() -> str:
    login = f"operator.{new_id().hex[:12]}"
    accounts.create_account(login=login, password=people.PASSWORD, kind="operator")
    return login


def _questions(family: Family) -> list[str]:
    amina = family.amina
    asked = support.send_ticket(actor=amina.actor, person_id=amina.person_id, topic="sign_in", text="Bonjour.")
    return [f"/questions/{asked}/"]


def _as_agent(window: Any, family: Family) -> list[str]:
    amina, somebody = family.amina, agent()
    asked = support.send_ticket(actor=amina.actor, person_id=amina.person_id, topic="family", text="Bonjour.")
    with transaction.atomic():
        act_id = support.propose(
            actor=agents.named(Actor(kind="support", id=somebody.account_id, name="")),
            person_id=people.paul().person_id, kind="death", details={"paper": "acte 12/2026"},
        )  # fmt: skip
    window.sign_in(somebody)
    return pages.of_support(asked, act_id)


def _as_desk(window: Any, family: Family, who: str) -> list[str]:
    fatou, amina = desks.fatou(), family.amina
    if who == "desk":
        window.sign_in(fatou)
        return list(pages.OF_DESK)
    helping = fatou.asks(amina) if who == "desk_asking" else fatou.helps(amina, sorted(SCOPES))
    window.sign_in(fatou, {KEY: f"{amina.person_id}|{helping.session_id}"})
    return list(pages.OF_DESK_ASKING) if who == "desk_asking" else pages.of_desk_beside()
