"""Helpers in the browser: asking, answering, what a helper sees, and being sent away in silence (3.10, T23)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from healthspace.documents import actions as documents
from healthspace.documents.reads import Card, ListQuery, journal, list_documents
from tests import people
from tests.factories.orders import order, own_order
from tests.page_client import Page, PageClient

HELPER: dict[str, Any] = {"as": "helper"}
CLOSED_TO_HELPERS = [
    "/access/", "/access/?view=date", "/access/professionals/", "/access/emergency/", "/access/professionals/find/",
    "/notices/", "/settings/", "/settings/copy/", "/settings/contact/", "/settings/mails/", "/settings/close/",
    "/documents/folders/", "/helpers/", "/helpers/new/", "/care/hide/", "/questions/",
]  # fmt: skip


def signed_in(person: people.Holder, language: str = "fr") -> PageClient:
    client = PageClient(language)
    client.sign_in(person)
    return client


def file(holder: people.Holder, type_code: str, title: str, *, own: bool = False) -> str:
    by = holder.actor if own else people.rivemont().actor
    sent = (own_order if own else order)(
        holder, type_code=type_code, title=title, media_type="text/plain", content=b"Bonjour"
    )
    return str(documents.deposit(actor=by, order=sent).document_id)


def asked(amina: people.Holder, lina: people.Holder, language: str = "fr", *, may: str = "read") -> Page:
    client, traits = signed_in(amina, language), lina.traits
    client.visit("/helpers/new/")
    client.visit(f"/helpers/new/?step=until&see=BIOLOGIE&may={may}")
    client.visit(f"/helpers/new/?step=who&see=BIOLOGIE&may={may}&days=91")
    return client.send(
        "/helpers/new/",
        page="/helpers/new/",
        step="who",
        see="BIOLOGIE",
        may=may,
        days="91",
        first_name=traits.first_names[0],
        birth_name=traits.birth_name,
        day=str(traits.born_on.day),
        month=str(traits.born_on.month),
        year=str(traits.born_on.year),
        matricule=lina.ins.matricule,
    )


def enter(client: PageClient, amina: people.Holder) -> Page:
    return client.send(f"/people/{amina.person_id}/", page="/people/", **HELPER)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_ask__answer_and_help__from_page_to_page(language: str) -> None:
    amina, lina = people.amina(), people.paul()
    shown, hidden = file(amina, "11502-2", "Prise de sang"), file(amina, "11488-4", "Compte rendu secret")
    page = asked(amina, lina, language)
    assert page.address == "/helpers/"
    helper = signed_in(lina, language)
    assert amina.identity.name in helper.visit("/helping/").said
    assert amina.identity.name in helper.visit("/people/").said
    helper.visit(f"/helping/{amina.person_id}/answer/")
    answered = helper.send(f"/helping/{amina.person_id}/answer/", page="/helping/", answer="yes")
    assert amina.identity.name in answered.said
    home = enter(helper, amina)
    assert "Prise de sang" in home.said and "secret" not in home.said
    assert "Prise de sang" in helper.visit("/documents/").said
    helper.visit(f"/documents/{shown}/")
    helper.visit(f"/documents/{hidden}/", 404)
    helper.visit(f"/documents/{shown}/original/", 404)
    helper.visit("/documents/add/", 404)
    helper.visit("/care/", 404)
    lines = journal(actor=amina.actor, person_id=amina.person_id)
    assert {"document_opened", "documents_listed"} <= {one.kind for one in lines if one.actor_name == lina.actor.name}


@pytest.mark.parametrize("address", CLOSED_TO_HELPERS)
def test_page__helper_never_gets_further(address: str) -> None:
    amina, lina = people.amina(), people.paul()
    lina.helping(amina)
    client = signed_in(lina)
    enter(client, amina)
    client.visit(address, 404)


def test_end__next_page_is_that_of_one_who_never_helped() -> None:
    """T23: nothing is sent; the page is the same, byte for byte but for the visitor's own signs."""
    amina, lina, never = people.amina(), people.paul(), people.paul()
    item = file(amina, "11502-2", "Prise de sang")
    lina.helping(amina)
    helper, other = signed_in(lina), signed_in(never)
    enter(helper, amina)
    helper.visit(f"/documents/{item}/")
    signed_in(amina).send(f"/helpers/{lina.person_id}/end/", page="/helpers/")
    gone = [helper.visit(f"/documents/{item}/", 404), helper.visit("/people/"), helper.visit("/helping/")]
    gone += [helper.visit("/home/"), helper.visit("/notices/"), helper.visit(f"/helping/{amina.person_id}/stop/", 404)]
    plain = [other.visit(f"/documents/{item}/", 404), other.visit("/people/"), other.visit("/helping/")]
    plain += [other.visit("/home/"), other.visit("/notices/"), other.visit(f"/helping/{amina.person_id}/stop/", 404)]
    numbers = re.compile(r"\b[0-9A-F]{10}\b")
    assert [numbers.sub("", page.said) for page in gone[:4]] == [numbers.sub("", page.said) for page in plain[:4]]
    for page in gone:
        assert amina.identity.name not in page.said
        assert not any("acting" in (node.get("class") or "") for node in page.all("section"))


def test_end__what_was_being_sent_is_not_taken_for_ones_own() -> None:
    amina, lina = people.amina(), people.paul()
    lina.helping(amina)
    client = signed_in(lina)
    enter(client, amina)
    signed_in(amina).send(f"/helpers/{lina.person_id}/end/", page="/helpers/")
    token = client.client.cookies["csrftoken"].value
    answer = client.client.post("/documents/add/", {"csrfmiddlewaretoken": token, "title": "Of somebody else"})
    assert answer.status_code == 404


def test_add__helper_adds_a_paper_of_the_kinds_opened_only() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    amina, lina = people.amina(), people.paul()
    lina.helping(amina, "BIOLOGIE", scopes=("write",))
    client = signed_in(lina)
    enter(client, amina)
    page = client.visit("/documents/add/")
    offered = {node.get("value") for node in page.all("option")}
    assert "DOCPAT05" in offered and "EXPPAT_1" not in offered
    given: dict[str, Any] = {"title": "Glycémie", "made_on": "2026-03-02", "page": "/documents/add/"}
    paper = SimpleUploadedFile("paper.txt", b"Bonjour", "text/plain")
    client.send("/documents/add/", 422, type_code="DOCPAT03", content=paper, **given)
    paper = SimpleUploadedFile("paper.txt", b"Bonjour", "text/plain")
    done = client.send("/documents/add/", type_code="DOCPAT05", content=paper, who="me", **given)
    assert "Glycémie" in done.said
    seen = documents_of(amina)
    assert [(card.title, card.is_masked) for card in seen if card.title == "Glycémie"] == [("Glycémie", False)]


def documents_of(holder: people.Holder) -> tuple[Card, ...]:
    return list_documents(actor=holder.actor, person_id=holder.person_id, query=ListQuery()).cards


def test_helpers__pages_of_the_person_and_their_refusals() -> None:
    amina, lina = people.amina(), people.paul()
    lina.helping(amina)
    client = signed_in(amina)
    assert lina.identity.name in client.visit("/helpers/").said
    client.visit(f"/helpers/{lina.person_id}/longer/")
    longer = client.send(f"/helpers/{lina.person_id}/longer/", page="/helpers/", days="183")
    assert longer.address == "/helpers/"
    client.send(f"/helpers/{lina.person_id}/longer/", 422, page="/helpers/", days="9999")
    for address in (f"/helpers/{uuid4()}/end/", f"/helpers/{uuid4()}/longer/", f"/helping/{uuid4()}/answer/"):
        client.visit(address, 404)
    client.visit(f"/helpers/{lina.person_id}/end/")
    ended = client.send(f"/helpers/{lina.person_id}/end/", page="/helpers/")
    assert lina.identity.name in ended.said


def test_ask__wrong_answers_are_told_and_unknown_people_are_not() -> None:
    amina = people.amina()
    client = signed_in(amina)
    client.visit("/helpers/new/?step=until", 422)
    client.visit("/helpers/new/?step=who&see=BIOLOGIE&may=read", 422)
    assert "PAUL" in asked(amina, people.paul()).said
    nobody = people.paul()
    stranger = replace(nobody, identity=people.holder("X", ("Y",), nobody.traits.born_on, "M", "75056").identity)
    assert asked(amina, stranger).address == "/helpers/"


def test_answer__no_and_stopping_are_told_to_the_person() -> None:
    amina, lina = people.amina(), people.paul()
    asked(amina, lina)
    client = signed_in(lina)
    client.send(f"/helping/{amina.person_id}/answer/", page="/helping/", answer="no")
    assert "refus" in signed_in(amina).visit("/documents/").said
    other = people.amina()
    lina.helping(other)
    enter(client, other)
    client.visit(f"/helping/{other.person_id}/stop/")
    stopped = client.send(f"/helping/{other.person_id}/stop/", page="/helping/")
    assert stopped.address == "/helping/"
    client.visit(f"/helping/{other.person_id}/stop/", 404)


def test_ask__a_child_is_told_that_the_parents_act() -> None:
    leo = people.leo()
    client = signed_in(leo)
    assert "parents" in client.visit("/helpers/").said
    assert client.visit("/helpers/new/").address == "/helpers/"


def test_helper__is_named_as_one_in_the_list_of_who_opened_and_found_from_the_settings() -> None:
    amina, lina = people.amina(), people.paul()
    file(amina, "11502-2", "Prise de sang")
    asked(amina, lina)
    helper = signed_in(lina)
    helper.send(f"/helping/{amina.person_id}/answer/", page="/helping/", answer="yes")
    enter(helper, amina)
    helper.visit("/documents/")
    holder = signed_in(amina)
    said = holder.visit("/access/").said
    assert "Votre aidant" in said
    settings = holder.visit("/settings/")
    assert "Ma famille et mes aidants" in settings.said
    assert settings.link("Enfants et personnes que j’aide") == "/people/"
    assert settings.text.count('href="/helpers/"') == 2  # in the menu too
    delegation = re.search(r"/helpers/([0-9a-f-]{36})/end/", holder.visit("/helpers/").text)
    assert delegation
    holder.send(f"/helpers/{delegation[1]}/end/", page="/helpers/")
    said = holder.visit("/access/").said
    assert "Vous aidait" in said and "Votre aidant" not in said
