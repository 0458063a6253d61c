"""T12: an agent of the desk, bribed or fooled, takes over nobody: every route, every reading, every hour.

Figures for the closing note: routes walked, readings tried, hours at which the address was looked at.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core import mail
from django.db import transaction

from healthspace.access import actions as access
from healthspace.access import reads as access_reads
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import HealthspaceError, Refused
from healthspace.documents import actions as documents
from healthspace.documents import reads as document_reads
from healthspace.documents.actions import copying
from healthspace.documents.reads import ListQuery
from healthspace.enrolment.actions import answers
from healthspace.notifications import reads as notices
from healthspace.outbox import dispatcher
from healthspace.people import actions as accounts
from healthspace.people import reads as people_reads
from healthspace.profile import reads as profile
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces.reads import contacts
from healthspace.support import actions as support
from tests import people
from tests.doors.desk_pages import agent, signed_in, typed
from tests.doors.test_web_routes import filled
from tests.factories import orders
from tests.page_client import PageClient
from tests.people import PASSWORD
from tests.promises.source import ROOT, product
from tests.roles import as_the_worker
from tests.rooms import letters

OURS = {"public", "support", "inside"}


@pytest.fixture(scope="module")
def world() -> dict[str, Any]:
    amina, hospital, doctor = people.amina(), people.rivemont(), people.dr_nguyen()
    access.grant(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    order = orders.order(amina)
    report = documents.deposit(actor=hospital.actor, order=order).document_id
    return {"amina": amina, "doctor": doctor, "report": report, "paul": people.paul()}


@pytest.fixture(scope="module")
def desk() -> PageClient:
    return signed_in(agent())


def web_routes() -> list[tuple[str, str]]:
    lines = (ROOT / "tests" / "promises" / "addresses.txt").read_text(encoding="utf-8").splitlines()
    found = [line.split() for line in lines if line and line[0] != "#"]
    return [(one[0], one[2].removeprefix("/")) for one in found if one[1] == "web"]


@pytest.mark.parametrize("pattern", [address for role, address in web_routes() if role not in OURS])
def test_route__agent_finds_nothing_there(pattern: str, desk: PageClient, world: dict[str, Any]) -> None:
    address = filled(pattern, world)
    asked = desk.client.get(address)
    assert asked.status_code in {404, 405}, address
    token = desk.client.cookies["csrftoken"].value
    sent = desk.client.post(address, {"csrfmiddlewaretoken": token})
    assert sent.status_code in {404, 405}, address


def test_route__there_are_enough_of_them() -> None:
    assert len([one for role, one in web_routes() if role not in OURS]) >= 100


READINGS: dict[str, Callable[[Actor, UUID, UUID], Any]] = {
    "list": lambda by, who, _: document_reads.list_documents(actor=by, person_id=who, query=ListQuery()),
    "open": lambda by, who, it: document_reads.open_document(actor=by, person_id=who, document_id=it),
    "card": lambda by, who, it: document_reads.document_card(actor=by, person_id=who, document_id=it),
    "shown": lambda by, who, it: document_reads.shown(actor=by, person_id=who, document_id=it, language="fr", base="/"),
    "versions": lambda by, who, it: document_reads.versions(actor=by, person_id=who, document_id=it),
    "folders": lambda by, who, _: document_reads.folders(actor=by, person_id=who),
    "journal": lambda by, who, _: document_reads.journal(actor=by, person_id=who),
    "profile": lambda by, who, _: profile.entries(actor=by, person_id=who),
    "counts": lambda by, who, _: profile.counts(actor=by, person_id=who),
    "care": lambda by, who, _: profile.care_history(actor=by, person_id=who),
    "notices": lambda by, who, _: notices.notices(actor=by, person_id=who),
    "identity": lambda by, who, _: access_reads.identity(actor=by, person_id=who),
    "ties": lambda by, who, _: access_reads.ties(actor=by, person_id=who),
    "record": lambda by, who, _: access_reads.open_record(actor=by, person_id=who),
    "copy": lambda by, who, _: copying.ask_copy(actor=by, person_id=who, language="fr"),
    "grant": lambda by, who, it: access.grant(actor=by, person_id=who, professional_id=it),
    "mask": lambda by, who, it: documents.mask(actor=by, person_id=who, document_id=it),
    "delete": lambda by, who, it: documents.delete(actor=by, person_id=who, document_id=it),
    "rename": lambda by, who, it: documents.rename(actor=by, person_id=who, document_id=it, title="x"),
}


@pytest.mark.parametrize("kind", ["support", "operator"])
@pytest.mark.parametrize("what", sorted(READINGS))
def test_reading__agent_is_refused_whatever_they_ask(what: str, kind: str, world: dict[str, Any]) -> None:
    amina = world["amina"]
    for person_id in (None, amina.person_id):  # an agent who claims the space is theirs is an agent still
        by = Actor(kind=kind, id=uuid4(), name="Inès Faure", person_id=person_id)  # type: ignore[arg-type]
        with pytest.raises(Refused):
            READINGS[what](by, amina.person_id, world["report"])


def told_and_active() -> letters.Told:
    told = letters.told()
    answers.activate(told.claim(), login=f"amina.{told.serial}", password=PASSWORD)
    return told


def test_pages__show_no_content_no_address_no_login() -> None:
    told, desk = told_and_active(), signed_in(agent())
    login = f"amina.{told.serial}"
    account = people_reads.account_of_person(told.person_id)
    assert account is not None
    codes = accounts.new_paper_codes(account_id=account.id)
    holder = Actor(kind="holder", id=account.id, name="Amina", person_id=told.person_id)
    support.send_ticket(actor=holder, person_id=told.person_id, topic="other", text="Help, please.")
    seen = [desk.send("/support/", **typed(told)).text]
    for act in ("unlock", "contact", "death"):
        seen.append(desk.send("/support/answer/", 422, **typed(told, person=str(told.person_id), act=act)).text)
    queue = desk.visit("/support/questions/").text
    for ticket_id in re.findall(r"/support/questions/([0-9a-f-]{36})/", queue):
        seen.append(desk.visit(f"/support/questions/{ticket_id}/").text)
    for page in seen:
        for hidden in (told.email, login, *codes):
            assert hidden not in page.replace(f'value="{told.serial}"', "")


def test_call__without_the_persons_proof_does_nothing() -> None:
    told, desk = told_and_active(), signed_in(agent())
    wrong = typed(told, person=str(told.person_id), serial="12345678901")
    for act, more in (
        ("unlock", {"reason": "forgot"}),
        ("contact", {"email": "x@example.org"}),
        ("death", {"paper": "1"}),
    ):
        page = desk.send("/support/answer/", 422, **wrong, act=act, **more)
        assert "State of this space" not in page.said
    other = told_and_active()
    crossed = typed(told, person=str(other.person_id), act="death", paper="1")
    assert desk.client.post("/support/answer/", crossed).status_code in {403, 404}
    with transaction.atomic():
        set_context(other.person_id)
        assert contacts.waiting_contact(other.person_id) is None


HOURS = (0, 0.01, 1, 6, 12, 24, 36, 48, 60, 71, 71.99)


def test_address__attacker_with_an_agent_waits_72_hours_and_the_owner_is_told_first() -> None:
    amina, attacker = people.amina(), f"{uuid4().hex}@example.org"
    bribed = Actor(kind="support", id=uuid4(), name="Bribed Agent")
    begun = clock.now()
    spaces.ask_contact_change(actor=bribed, person_id=amina.person_id, email=attacker)
    dispatcher.run_for(amina.person_id)
    warned = [one for one in mail.outbox if amina.identity.email in one.to and "/contact/stop/" in str(one.body)]
    assert len(warned) == 1
    for hours in HOURS:
        with time_machine.travel(begun + timedelta(hours=hours), tick=False), as_the_worker():
            while spaces.apply_due_contacts():
                pass
            assert _email(amina.person_id) == amina.identity.email
            for by in (bribed, Actor(kind="support", id=uuid4(), name="Another one")):
                with pytest.raises(HealthspaceError):
                    spaces.ask_contact_change(actor=by, person_id=amina.person_id, email=attacker)
                with pytest.raises(Refused):
                    spaces.stop_contact_change(actor=by, person_id=amina.person_id)
                with pytest.raises(Refused):
                    spaces.change_contact(actor=by, person_id=amina.person_id, email=attacker)
                with pytest.raises(Refused):
                    spaces.confirm_first_contact(actor=by, person_id=amina.person_id, digits="12345678")
    found = re.search(r"/contact/stop/[\w-]+/", str(warned[0].body))
    assert found is not None
    assert PageClient("en").send(found[0]).address == "/contact/stopped/"
    with time_machine.travel(begun + timedelta(hours=100), tick=False), as_the_worker():
        while spaces.apply_due_contacts():
            pass
        assert _email(amina.person_id) == amina.identity.email
    assert attacker not in {address for one in mail.outbox for address in one.to}


def _email(person_id: UUID) -> str:
    with transaction.atomic():
        set_context(person_id)
        return contacts.reach(person_id).email


WORDS = re.compile(r"hijack|impersonat|log_?in_?as|sign_?in_?as|masquerade|sudo_user|become_user", re.IGNORECASE)


def impersonating(path: str, text: str) -> list[str]:
    """Names in code that let somebody act as somebody else."""
    found = []
    for node in ast.walk(ast.parse(text)):
        name = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", None)
        if isinstance(name, str) and WORDS.search(name):
            found.append(f"{path}: {name}")
    return found


def test_impersonation__stands_nowhere_in_the_code() -> None:
    assert not [one for module in product() for one in impersonating(module.path, module.text)]
    wanted = [path.read_text(encoding="utf-8") for path in (ROOT / "requirements").glob("*.in")]
    assert not [line for text in wanted for line in text.splitlines() if WORDS.search(line)]


def test_impersonation__a_planted_one_is_found() -> None:
    assert impersonating("x.py", "def login_as(request, user):\n    pass\n")


def test_session__no_page_of_the_desk_opens_one() -> None:
    for module in product():
        if module.path.startswith(("healthspace/web/support/", "healthspace/support/")) or module.path in {
            "healthspace/journeys/desk.py",
            "healthspace/journeys/two_agents.py",
        }:
            for word in ("open_session", "acting.begin", "create_account", "finish_", "new_paper_codes", "password"):
                assert word not in re.sub(r'"[^"\n]*"', "", module.text), f"{module.path}: {word}"
