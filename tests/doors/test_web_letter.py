"""Answering the letter through the pages: refuse, open, a child, too late, taken back; nothing told to strangers."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction

from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.documents import actions as documents
from healthspace.documents.rules import ClaimedIdentity
from healthspace.profile import actions as care
from healthspace.profile import reads as profile
from healthspace.profile.rules import CareLine
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from tests import people
from tests.factories import enrollees, orders
from tests.factories.letters import Letter, code_for, letter
from tests.page_client import Page, PageClient

TOKENS = re.compile(r'value="[A-Za-z0-9]{64}"')
PASSWORD = "four plain words here"


def came_in(one: Letter, **changed: str) -> PageClient:
    """A visitor who showed the code."""
    visitor = PageClient()
    page = visitor.send("/start/", page="/start/", **(one.fields | changed))
    assert page.address == "/start/choice/", page.said[:400]
    return visitor


def tried(one: Letter, status: int, **changed: str) -> Page:
    """What the first page says to these."""
    return PageClient().send("/start/", status, page="/start/", **(one.fields | changed))


def test_refuse__is_three_pages_with_its_proof_and_never_more_than_opening() -> None:
    one = letter()
    visitor = came_in(one)
    choice = visitor.visit("/start/choice/")
    assert "Si vous ne faites rien," in choice.said
    assert choice.link("Je refuse l’espace") == "/start/refuse/"
    assert "Je refuse l’ouverture" in visitor.visit("/start/refuse/").said
    done = visitor.send("/start/refuse/", page="/start/refuse/")
    assert done.address == "/start/refused/"
    assert enrollees.space(one.person_id).state == "opposed"
    proof = visitor.client.get("/start/proof/")
    assert proof["Content-Type"] == "application/pdf"
    assert proof.content.startswith(b"%PDF")


def test_refuse__sent_twice_or_seen_again_shows_the_one_answer() -> None:
    visitor = came_in(letter())
    visitor.send("/start/refuse/", page="/start/refuse/")
    assert visitor.send("/start/refuse/", page="/start/refused/").address == "/start/refused/"
    assert visitor.visit("/start/choice/").address == "/start/refused/"


def test_refuse__can_be_taken_back_at_once() -> None:
    one = letter()
    visitor = came_in(one)
    visitor.send("/start/refuse/", page="/start/refuse/")
    page = visitor.send("/start/undo/", page="/start/refused/")
    assert page.address == "/start/taken-back/"
    assert enrollees.space(one.person_id).state == "informed"


def opened(one: Letter, login: str, **picked: str) -> tuple[PageClient, Page]:
    """Every page of the opening, without an e-mail."""
    visitor = came_in(one)
    emergency = picked.get("emergency", "all")
    assert visitor.send("/start/open/", page="/start/open/", emergency=emergency).address == "/start/open/sharing/"
    page = visitor.send("/start/open/sharing/", page="/start/open/sharing/", sharing=picked.get("sharing", "later"))
    assert page.address == "/start/open/mail/"
    assert visitor.send("/start/open/mail/", page="/start/open/mail/", without="1").address == "/start/open/account/"
    fields: dict[str, Any] = {"login": login, "password": PASSWORD, "again": PASSWORD}
    return visitor, visitor.send("/start/open/account/", page="/start/open/account/", **fields)


def test_open__ends_inside_with_what_the_space_holds_on_day_one() -> None:
    one = letter()
    visitor, home = opened(one, f"camille.{one.code.lower()}", emergency="samu")
    assert home.address == "/home/"
    assert "Votre espace est ouvert" in home.said
    assert "seulement le SAMU" in home.said
    assert "Personne d’autre que vous" in home.said
    assert enrollees.space(one.person_id).state == "active"
    assert enrollees.space(one.person_id).is_break_glass_opposed
    after = visitor.send("/home/read/", page="/home/")
    assert "Votre espace est ouvert" not in after.said
    again = PageClient().send("/sign-in/", page="/sign-in/", login=f"camille.{one.code.lower()}", password=PASSWORD)
    assert again.address == "/sign-in/code/"  # the letter's code was the first proof; from now on two


def test_home_of_day_one__tells_what_came_and_who_reads_it() -> None:
    doctor, hospital = people.dr_nguyen(), people.rivemont()
    one = letter(attending_id=doctor.id)
    care.keep_care_history(actor=SYSTEM, person_id=one.person_id, lines=[care_line(), care_line(days=40)])
    visitor, home = opened(one, f"camille.{one.code.lower()}", sharing="attending")
    assert "Pas encore de document" in home.said
    assert "2 soins remboursés depuis 24 mois" in home.said
    assert "Qui peut le lire : Dr Linh Nguyen" in home.said.replace("\u00a0", " ")
    identity = ClaimedIdentity(one.who.identity.ins, one.who.identity.traits)
    order = orders.order(one.who.identity, identity=identity)
    documents.deposit(actor=hospital.actor, order=order)
    assert "1 document est déjà là" in visitor.visit("/home/").said


def care_line(days: int = 3) -> CareLine:
    """One reimbursed act."""
    return CareLine(clock.today() - timedelta(days=days), next(iter(profile.categories())), "Consultation")


def test_open__taken_login_and_weak_password_are_told_beside_their_fields() -> None:
    first, second = letter(), letter()
    login = f"camille.{first.code.lower()}"
    opened(first, login)
    visitor = came_in(second)
    fields: dict[str, Any] = {"login": login, "password": PASSWORD, "again": PASSWORD}
    page = visitor.send("/start/open/account/", 422, page="/start/open/account/", **fields)
    assert "déjà pris" in page.said
    weak: dict[str, Any] = {"login": login + "2", "password": "abc", "again": "abc"}
    page = visitor.send("/start/open/account/", 422, page="/start/open/account/", **weak)
    assert "trop court" in page.said
    assert enrollees.space(second.person_id).state == "informed"


def test_open__mail_is_confirmed_by_its_eight_digits(mailoutbox: list[Any]) -> None:
    one = letter()
    visitor = came_in(one)
    page = visitor.send("/start/open/mail/", page="/start/open/mail/", email="camille@example.org")
    assert page.address == "/start/open/mail/code/"
    digits = re.search(r"\b\d{4} ?\d{4}\b", mailoutbox[-1].body)
    assert digits
    wrong = visitor.send("/start/open/mail/code/", 422, page="/start/open/mail/code/", digits="00000000")
    assert "Ce ne sont pas les chiffres" in wrong.said
    page = visitor.send("/start/open/mail/code/", page="/start/open/mail/code/", digits=digits[0])
    assert page.address == "/start/open/account/"


def test_child__is_refused_or_opened_by_a_parent_with_the_parents_number() -> None:
    parent = enrollees.adult(name="MOREL", first_name="JEANNE")
    refused, kept = letter(parent=parent), letter(parent=parent)
    visitor = came_in(refused)
    assert "L’autre parent est prévenu" in visitor.visit("/start/refuse/").said
    visitor.send("/start/refuse/", page="/start/refuse/")
    assert enrollees.space(refused.person_id).state == "opposed"
    visitor = came_in(kept)
    visitor.send("/start/open/", page="/start/open/", emergency="all")
    assert (
        visitor.send("/start/open/sharing/", page="/start/open/sharing/", sharing="later").address
        == "/start/open/child/"
    )
    assert visitor.send("/start/open/child/", page="/start/open/child/").address == "/start/opened/"
    assert enrollees.space(kept.person_id).state == "active"


def test_opposed__new_code_opens_or_takes_the_refusal_back() -> None:
    one = letter()
    came_in(one).send("/start/refuse/", page="/start/refuse/")
    again = Letter(one.who, code_for(one.who), one.matricule)
    visitor = came_in(again)
    assert "Cet espace a été refusé" in visitor.visit("/start/choice/").said
    assert visitor.send("/start/withdraw/", page="/start/choice/").address == "/start/taken-back/"
    assert enrollees.space(one.person_id).state == "informed"


def test_confirmation__its_code_takes_the_refusal_back_for_fourteen_days() -> None:
    """T25: whoever gets the confirmation and did not refuse undoes it, with nothing but the code of it."""
    one = letter()
    came_in(one).send("/start/refuse/", page="/start/refuse/")
    undo = Letter(one.who, code_for(one.who, purpose="undo"), one.matricule)
    with time_machine.travel(clock.now() + timedelta(days=15)):
        late = came_in(undo).send("/start/undo/", page="/start/choice/")
        assert "trop vieux" in late.said
    visitor = came_in(undo)
    assert "Retirer le refus" in visitor.visit("/start/choice/").said
    assert visitor.send("/start/undo/", page="/start/choice/").address == "/start/taken-back/"
    assert enrollees.space(one.person_id).state == "informed"


def test_opened_by_law__new_code_lets_its_holder_in_and_says_how_to_close() -> None:
    one = letter(clock.now() - timedelta(days=43))
    with transaction.atomic():
        set_context(one.person_id)
        spaces.open_due([one.person_id], at=clock.now())
    late = Letter(one.who, code_for(one.who), one.matricule)
    visitor = came_in(late)
    page = visitor.visit("/start/choice/")
    assert "ouvert et vous attend" in page.said
    assert page.link("J’entre dans l’espace") == "/start/open/"
    assert visitor.visit("/start/refuse/").address == "/start/choice/"
    assert opened(late, f"camille.{late.code.lower()}")[1].address == "/home/"


def test_dead_or_open__right_code_is_told_so() -> None:
    dead, active = letter(), letter()
    spaces.note_death(actor=SYSTEM, person_id=dead.person_id)
    assert "Cette personne est décédée" in tried(dead, 422).said
    opened(active, f"camille.{active.code.lower()}")
    again = Letter(active.who, code_for(active.who, purpose="recover"), active.matricule)
    page = PageClient().send("/start/", page="/start/", **again.fields)
    assert page.address == "/sign-in/lost/new/"  # a lost account comes back (T13)


def test_codes__each_trouble_is_told_with_its_way_out_to_whoever_holds_one() -> None:
    used = letter()
    came_in(used).send("/start/refuse/", page="/start/refuse/")
    page = tried(used, 422)
    assert "Ce code a déjà servi" in page.said
    assert page.link("Demander un nouveau code") == "/start/new-code/"
    old = letter()
    with time_machine.travel(clock.now() + timedelta(days=43)):
        assert "Ce code est trop vieux" in tried(old, 422).said
    replaced = letter()
    code_for(replaced.who)
    assert "Il existe un code plus récent" in tried(replaced, 422).said
    short = tried(letter(), 422, code="ABCD-EFGH-JKM")
    assert "Vous en avez écrit 11" in short.said
    assert short.title.startswith("Erreur")


def test_code__shown_gives_the_visit_a_new_key() -> None:
    """T08: a session put under a visitor's feet beforehand is worth nothing once they showed a code."""
    one = letter()
    visitor = came_in(one)
    before = visitor.client.cookies["session"].value
    visitor.send("/start/", page="/start/", **one.fields)
    assert visitor.client.cookies["session"].value != before
    stale = PageClient()
    stale.client.cookies["session"] = before
    assert stale.visit("/start/choice/").address == "/start/again/"


def test_claim__is_forgotten_after_ten_minutes_and_on_leaving() -> None:
    one = letter()
    visitor = came_in(one)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        page = visitor.visit("/start/choice/")
    assert page.address == "/start/again/"
    visitor = came_in(one)
    assert visitor.send("/start/leave/", page="/start/choice/").address == "/start/left/"
    assert visitor.visit("/start/refuse/").address == "/start/again/"
    assert enrollees.space(one.person_id).state == "informed"


@pytest.mark.parametrize(
    "address", ["choice/", "refuse/", "refused/", "proof/", "open/", "open/sharing/", "open/mail/", "open/account/"]
)
def test_each_page__stranger_without_a_code_begins_again(address: str) -> None:
    assert PageClient().visit(f"/start/{address}").address == "/start/again/"
