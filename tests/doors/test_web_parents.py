"""Families through the pages: the other parent asked and answering, a child added, a minor's own sign-in, switcher."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction

from healthspace.access import actions, reads
from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.enrolment.actions import own_way
from healthspace.journeys import family
from healthspace.people import reads as accounts
from healthspace.schema.context import set_context
from tests import people
from tests.factories import enrollees
from tests.factories.letters import Letter, code_for, letter
from tests.page_client import Page, PageClient
from tests.rooms.test_access_guardians import name as name_guardian
from tests.rooms.test_access_mandates import kinds, may_read
from tests.rooms.test_access_parents import delivered
from tests.rooms.test_access_teens import child_of, secretive

LANGUAGES = ("fr", "en")


def inside(person: people.Holder, language: str = "fr") -> PageClient:
    client = PageClient(language)
    client.sign_in(person)
    return client


def form_of(person: people.Holder) -> dict[str, Any]:
    traits = person.traits
    return {
        "first_names": traits.first_names[0].title(),
        "birth_name": traits.birth_name.title(),
        "day": str(traits.born_on.day),
        "month": str(traits.born_on.month),
        "year": str(traits.born_on.year),
        "matricule": person.ins.matricule,
    }


def ask(jeanne: people.Holder, leo: people.Holder, whom: people.Holder, language: str = "fr", **other: str) -> Page:
    address = f"/people/{leo.person_id}/parents/ask/"
    page = inside(jeanne, language).send(address, page=address, **(form_of(whom) | other))
    delivered()
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_second_parent__asked_and_accepting_by_the_pages(language: str) -> None:
    jeanne, marc, leo = people.jeanne(), people.paul(), people.leo()
    jeanne.representing(leo)
    page = ask(jeanne, leo, marc, language)
    assert page.address == f"/people/{leo.person_id}/parents/"
    assert "Paul GIRARD" in page.said.replace("PAUL", "Paul") or "Paul Girard" in page.said
    visitor = inside(marc, language)
    assert jeanne.identity.name in visitor.visit("/people/").said
    (card,) = reads.invitations_to(actor=marc.actor)
    address = f"/people/asked/{card.id}/"
    page = visitor.visit(address)
    assert leo.identity.name in page.h1 and reads.statement(language).text in page.said
    assert visitor.send(address, 422, page=address).all("h2")
    assert not may_read(marc.claiming(leo), leo)
    page = visitor.send(address, page=address, certified="on")
    assert page.address == "/people/" and leo.identity.name in page.said
    visitor.send(f"/people/{leo.person_id}/", page="/people/")
    assert leo.identity.name in visitor.visit("/documents/").said
    page = inside(jeanne, language).visit(f"/people/{leo.person_id}/parents/")
    assert marc.identity.name in page.said


def test_second_parent__says_no_and_the_first_one_reads_it() -> None:
    jeanne, marc, leo = people.jeanne(), people.paul(), people.leo()
    jeanne.representing(leo)
    ask(jeanne, leo, marc)
    (card,) = reads.invitations_to(actor=marc.actor)
    address = f"/people/asked/{card.id}/"
    assert inside(marc).send(address, page=address, no="1").address == "/people/"
    assert "A dit non." in inside(jeanne).visit(f"/people/{leo.person_id}/parents/").said
    assert not may_read(marc.claiming(leo), leo)
    assert inside(marc).visit(address, 404)


def test_second_parent__is_taken_back() -> None:
    jeanne, marc, leo = people.jeanne(), people.paul(), people.leo()
    jeanne.representing(leo)
    ask(jeanne, leo, marc)
    (card,) = reads.invitations_to(actor=marc.actor)
    here = f"/people/{leo.person_id}/parents/"
    page = inside(jeanne).send(f"{here}{card.id}/back/", page=here)
    assert "Invitation reprise." in page.said
    assert reads.invitations_to(actor=marc.actor) == ()


def test_second_parent__the_page_is_the_same_whoever_is_named() -> None:
    seen = []
    for other in ({}, {"birth_name": "Durand"}, {"year": "1950"}):
        jeanne, marc, leo = people.jeanne(), people.paul(), people.leo()
        jeanne.representing(leo)
        page = ask(jeanne, leo, marc, **other)
        said = re.sub(r"\d+ ans", "son âge", page.said)  # each Léo of the cast is born on another day
        seen.append(" ".join(said.replace("Durand", "Girard").split()))
    assert "Girard" in seen[0]
    assert seen == seen[:1] * 3


def test_second_parent__faults_of_the_form_are_told_beside_their_fields() -> None:
    jeanne, leo = people.jeanne(), people.leo()
    jeanne.representing(leo)
    address = f"/people/{leo.person_id}/parents/ask/"
    visitor = inside(jeanne)
    page = visitor.send(address, 422, page=address)
    assert len(page.all("fieldset")) == 1 and "Écrivez le prénom." in page.said
    wrong = form_of(people.paul()) | {"matricule": "179053889900011"}
    assert "une erreur" in visitor.send(address, 422, page=address, **wrong).said


def test_family_pages__stranger_finds_nothing() -> None:
    jeanne, paul, leo, amina = people.jeanne(), people.paul(), people.leo(), people.amina()
    jeanne.representing(leo)
    name_guardian(amina, paul)
    for person in (leo, amina):
        for end in ("parents/", "parents/ask/", "sign-in/"):
            inside(paul).visit(f"/people/{person.person_id}/{end}", 404)
    inside(paul).visit(f"/people/asked/{uuid4()}/", 404)
    here = f"/people/{leo.person_id}/"
    inside(paul).send(f"{here}parents/{uuid4()}/back/", 404)
    inside(paul).send(f"{here}sign-in/", 404, do="agree")
    assert "teen_agreed" not in kinds(leo)


def of_register(one: Letter) -> dict[str, Any]:
    return {**one.fields, "certified": "on"}


def test_add_child__letter_and_statement_open_the_space_and_name_the_adult() -> None:
    marc, parent = people.paul(), enrollees.adult(name="MOREL", first_name="JEANNE")
    one = letter(parent=parent)
    visitor = inside(marc)
    without = {key: value for key, value in of_register(one).items() if key != "certified"}
    assert "cochez la case" in visitor.send("/people/add/", 422, page="/people/add/", **without).said
    assert enrollees.space(one.person_id).state == "informed"
    page = visitor.send("/people/add/", page="/people/add/", **of_register(one))
    assert page.address == "/people/" and one.who.identity.name in page.said
    assert enrollees.space(one.person_id).state == "active"
    (charge,) = reads.charges(actor=marc.actor)
    assert charge.person_id == one.person_id


def test_add_child__wrong_code_an_adult_s_letter_and_a_used_one_add_nobody() -> None:
    marc, parent = people.paul(), enrollees.adult(name="MOREL", first_name="JEANNE")
    one, grown = letter(parent=parent), letter()
    visitor = inside(marc)
    for fields in (of_register(one) | {"code": "K7QF-92HM-3XTR"}, of_register(grown)):
        page = visitor.send("/people/add/", 422, page="/people/add/", **fields)
        assert "ne vont pas ensemble" in page.said
    inside(people.paul()).send("/people/add/", page="/people/add/", **of_register(one))
    visitor.send("/people/add/", 422, page="/people/add/", **of_register(one))
    assert reads.charges(actor=marc.actor) == ()
    assert enrollees.space(grown.person_id).state == "informed"


def test_own_sign_in__parents_agree_and_the_letter_goes_to_the_child() -> None:
    jeanne, marc = people.jeanne(), people.paul()
    ines = child_of(13, jeanne, marc)
    address = f"/people/{ines.person_id}/sign-in/"
    mother, father = inside(jeanne), inside(marc)
    assert "Inès" in mother.visit(address).h1
    mother.send(address, 404, page=address, do="letter")
    assert "Un autre parent" in mother.send(address, page=address, do="agree").said
    father.send(address, page=address, do="agree")
    father.send(address, page=address, do="disagree")
    mother.send(address, 404, page=address, do="letter")
    father.send(address, page=address, do="agree")
    assert "Une lettre avec un code" in mother.send(address, page=address, do="letter").said
    mother.send(address, 404, page=address, do="anything")


def teenager(years: int = 16, state: str = "active") -> Letter:
    """A minor of the register whose space is open, with the code of the letter to the minor."""
    parent = enrollees.adult(name="MOREL", first_name="JEANNE")
    who = enrollees.child(parent, born_on=date(datetime.now(UTC).year - years - 1, 11, 3), state=state)
    actions.represent(actor=SYSTEM, person_id=who.person_id, representative_id=parent.person_id, born_on=who.born_on)
    return Letter(who, code_for(who, purpose="own_way"), who.matricule)


@pytest.mark.parametrize("state", ["active", "open_inactive"])
def test_own_sign_in__minor_with_the_letter_gets_inside(state: str) -> None:
    one = teenager(16, state)
    visitor = PageClient()
    page = visitor.send("/start/", page="/start/", **one.fields)
    assert page.address == "/start/own/" and "vos parents" in page.said
    secret = "four plain words here"
    fields = {"login": f"ines.{uuid4().hex[:8]}", "password": secret, "again": secret}
    page = visitor.send("/start/own/", page="/start/own/", **fields)
    assert page.address in {"/home/", "/settings/sign-in/paper/first/"} or page.status == 200
    assert accounts.account_of_person(one.person_id) is not None
    again = PageClient()
    again.send("/start/", 422, page="/start/", **one.fields)


def test_own_sign_in__too_young_is_refused_and_the_code_opens_nothing_else() -> None:
    one = teenager(13)
    visitor = PageClient()
    visitor.send("/start/", page="/start/", **one.fields)
    secret = "four plain words here"
    fields = {"login": f"ines.{uuid4().hex[:8]}", "password": secret, "again": secret}
    visitor.send("/start/own/", 422, page="/start/own/", **fields)
    assert accounts.account_of_person(one.person_id) is None
    for address in ("/start/refuse/", "/start/open/", "/start/close/"):
        assert visitor.visit(address).address == "/start/own/"


def test_came_of_age__a_letter_is_ordered_once_and_lets_the_new_adult_in() -> None:
    from healthspace.enrolment.models import Case
    from tests.roles import as_the_worker

    parent = enrollees.adult(name="MOREL", first_name="JEANNE")
    today = datetime.now(UTC).date()
    born_on = today.replace(year=today.year - 18) - timedelta(days=1)
    who = enrollees.child(parent, born_on=born_on, state="active")
    with time_machine.travel(datetime.now(UTC) - timedelta(days=300), tick=False):
        actions.represent(actor=SYSTEM, person_id=who.person_id, representative_id=parent.person_id, born_on=born_on)
    with as_the_worker():
        family.tell_who_comes_of_age()
        family.tell_who_comes_of_age()
    with transaction.atomic():
        set_context(who.person_id)
        (case,) = Case.objects.filter(person_id=who.person_id, kind=own_way.LETTER)
        words = own_way.words(case, clock.now(), "fr")
    assert words is not None and case.details["to"] == str(who.person_id)
    one = Letter(who, code_for(who, purpose="own_way"), who.matricule)
    visitor = PageClient()
    assert "vos parents" in visitor.send("/start/", page="/start/", **one.fields).said
    four = "four plain words here"
    visitor.send("/start/own/", page="/start/own/", login=f"a.{uuid4().hex[:8]}", password=four, again=four)
    assert accounts.account_of_person(who.person_id) is not None


def test_document__minor_keeps_it_from_the_parents_and_shows_it_again() -> None:
    ines, jeanne = secretive()
    visitor = inside(ines)
    page = visitor.visit("/documents/")
    address = page.link("Genou")
    assert "Le garder pour moi" in visitor.visit(address).said
    visitor.send(f"{address}hide-from-parents/", page=address)
    mother = inside(jeanne)
    mother.send(f"/people/{ines.person_id}/", page="/people/")
    assert "Genou" not in mother.visit("/documents/").said
    mother.visit(address, 404)
    mother.send(f"{address}show-to-parents/", 404)
    assert "Le montrer à mes parents" in visitor.visit(address).said
    visitor.send(f"{address}show-to-parents/", page=address)
    assert "Genou" in mother.visit("/documents/").said
