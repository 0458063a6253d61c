"""T13: whoever holds the mailbox (and the number, the card, the birth date, the identifier) reads no document.

Every order of up to eight acts is searched, on the real pages: a state that was seen is not gone on from twice.
With a stolen letter too, the account can be taken over, but nothing of health opens within 72 hours.
"""

from __future__ import annotations

import re
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
import time_machine
from django.core import mail
from django.test import Client

from healthspace.common import clock
from healthspace.outbox import dispatcher
from healthspace.people import actions
from healthspace.web import recall
from tests.doors.test_web_recover import NEW, User, user
from tests.factories.letters import code_for
from tests.page_client import somewhere

DEPTH: Final = 8
STEP: Final = timedelta(hours=23)
LIMIT: Final = timedelta(hours=72)
SECRET: Final = "Compte rendu"


@dataclass(slots=True)
class Attacker:
    """What one knows, and a browser."""

    one: User
    began: datetime
    clock: Any
    client: Client = field(default_factory=lambda: Client(REMOTE_ADDR=somewhere()))
    codes: list[str] = field(default_factory=list)
    digits: str = ""
    login: str = ""
    papers: list[str] = field(default_factory=list)
    has_asked: bool = False

    def post(self, address: str, **fields: str) -> None:
        self.client.post(address, fields)

    def ask_for_a_code(self) -> None:
        self.has_asked = True
        born = self.one.who.born_on
        fields = {"matricule": self.one.who.matricule, "serial": self.one.who.card_serial[-11:]}
        self.post("/start/new-code/", day=str(born.day), month=str(born.month), year=str(born.year), **fields)

    def read_the_mails(self) -> None:
        dispatcher.run_for(self.one.who.person_id)
        for message in mail.outbox:
            if self.one.who.identity.email in message.to:
                self.codes += re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", str(message.body))
                found = re.findall(r"\b(\d{8})\b|\b(\d{4}) (\d{4})\b", str(message.body))
                self.digits = "".join(found[-1]) if found else self.digits

    def show_the_code(self) -> None:
        born = self.one.who.born_on
        code = self.codes[-1] if self.codes else "0000-0000-0000"
        when = {"day": str(born.day), "month": str(born.month), "year": str(born.year)}
        self.post("/start/", code=code, matricule=self.one.who.matricule, **when)

    def make_a_password(self) -> None:
        login = f"mallory.{secrets.token_hex(6)}"
        answer = self.client.post("/sign-in/lost/new/", {"login": login, "password": NEW, "again": NEW})
        if answer.get("Location", "").startswith("/settings/"):
            self.login = login

    def sign_in(self) -> None:
        self.post("/sign-in/", login=self.login or self.one.login, password=NEW)

    def type_the_digits(self) -> None:
        self.post("/sign-in/code/", method="email")
        self.read_the_mails()
        self.post("/sign-in/code/", code=self.digits or "00000000")

    def take_paper_codes(self) -> None:
        shown = self.client.post("/settings/sign-in/paper/")
        self.papers = re.findall(r"<b>(\w{5}-\w{5})</b>", shown.content.decode()) or self.papers

    def use_a_paper_code(self) -> None:
        self.post("/sign-in/code/", method="paper")
        self.post("/sign-in/code/", code=self.papers.pop() if self.papers else "00000-00000")

    def change_the_contact(self) -> None:
        self.post("/settings/contact/", email="mallory@example.org", phone="")

    def wait(self) -> None:
        self.clock.shift(STEP)

    def reads(self) -> bool:
        """True when any page shows the document or its title."""
        recall.ACTORS.clear()
        pages = ("/home/", "/documents/", f"/documents/{self.one.report}/", f"/documents/{self.one.report}/original/")
        answers = [self.client.get(page) for page in pages]
        return any(
            answer.status_code == 200
            and (SECRET.encode() in answer.content or answer["Content-Type"] != "text/html; charset=utf-8")
            for answer in answers
        )

    def state(self) -> tuple[Any, ...]:
        """What decides how it can go on."""
        session = dict(self.client.session.items())
        held = tuple(sorted(key for key in session if not key.startswith("_")))
        means = session.get("means", ""), (session.get("second") or {}).get("purpose", "")
        waited = (clock.now() - self.began) // STEP
        known = bool(self.codes), bool(self.digits), bool(self.login), bool(self.papers), self.has_asked
        return held, means, known, waited


ACTS: Final[tuple[Callable[[Attacker], None], ...]] = (
    Attacker.ask_for_a_code,
    Attacker.read_the_mails,
    Attacker.show_the_code,
    Attacker.make_a_password,
    Attacker.sign_in,
    Attacker.type_the_digits,
    Attacker.take_paper_codes,
    Attacker.use_a_paper_code,
    Attacker.change_the_contact,
    Attacker.wait,
)
Path = tuple[Callable[[Attacker], None], ...]


def played(path: Path, *, has_letter: bool) -> tuple[Attacker, bool]:
    """A fresh victim, these acts one after the other; whether a document was read after the last."""
    mail.outbox.clear()
    one = user()
    with time_machine.travel(clock.now(), tick=False) as traveller:
        attacker = Attacker(one, clock.now(), traveller)
        if has_letter:
            shown = code_for(one.who, purpose="recover")
            attacker.codes = [f"{shown[:4]}-{shown[4:8]}-{shown[8:]}"]
        for act in path:
            act(attacker)
        is_in_time = clock.now() - attacker.began < LIMIT
        return attacker, is_in_time and attacker.reads()


@pytest.mark.parametrize("has_letter", [False, True], ids=["mailbox", "mailbox and letter"])
def test_attacker__reads_no_document_within_72_hours_whatever_the_order(has_letter: bool) -> None:
    seen: set[tuple[Any, ...]] = set()
    waiting: deque[Path] = deque([()])
    tried, kept = 0, {"recovered": False}
    while waiting:
        path = waiting.popleft()
        attacker, has_read = played(path, has_letter=has_letter)
        tried += 1
        assert not has_read, [act.__name__ for act in path]
        kept["recovered"] |= bool(attacker.login)
        state = attacker.state()
        if state in seen or len(path) == DEPTH:
            continue
        seen.add(state)
        waiting.extend((*path, act) for act in ACTS)
    assert kept["recovered"] == has_letter  # a mailbox alone never makes a password
    assert tried > len(ACTS)


def test_search__sees_a_reader() -> None:
    """The eyes of the search work: the holder, signed in, reads what it looks for."""
    mail.outbox.clear()
    one = user()
    with time_machine.travel(clock.now(), tick=False) as traveller:
        attacker = Attacker(one, clock.now(), traveller)
        attacker.post("/sign-in/", login=one.login, password=one.password)
        attacker.type_the_digits()
        assert attacker.reads()


def test_recovered_account__reads_after_the_72_hours() -> None:
    """The holder who lost everything gets it all back."""
    attacker, _ = played((Attacker.show_the_code, Attacker.make_a_password), has_letter=True)
    with time_machine.travel(clock.now() + LIMIT + timedelta(minutes=1), tick=False):
        recall.ACTORS.clear()
        fresh = Attacker(attacker.one, clock.now(), None, login=attacker.login)
        fresh.sign_in()
        code = actions.new_paper_codes(account_id=attacker.one.account_id)[0]
        fresh.post("/sign-in/code/", method="paper")
        fresh.post("/sign-in/code/", code=code)
        assert fresh.reads()
