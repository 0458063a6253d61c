"""Closing through the pages: consequences, copy, password; then the closed space, and the way back."""

from __future__ import annotations

from typing import Any

import pytest

from healthspace.common.actor import SYSTEM
from healthspace.documents import actions as documents
from healthspace.journeys import close_space
from healthspace.spaces import actions as spaces
from tests import people
from tests.factories.orders import order
from tests.page_client import PageClient
from tests.roles import as_the_worker


@pytest.fixture
def amina() -> people.Holder:
    amina = people.amina()
    documents.deposit(actor=people.rivemont().actor, order=order(amina))
    return amina


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(close_space, "PATIENCE_SECONDS", 0.0)


def signed_in(person: Any, language: str = "fr") -> PageClient:
    client = PageClient(language)
    client.sign_in(person)
    return client


def closed(client: PageClient, amina: people.Holder, what: str = "keep") -> None:
    client.send("/settings/close/", 200, what=what, password=amina.password)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_close__says_what_follows_before_it_asks(amina: people.Holder, language: str) -> None:
    client = signed_in(amina, language)
    settings = client.visit("/settings/")
    assert "/settings/close/" in {a.get("href") for a in settings.all("a")}
    page = client.visit("/settings/close/")
    said = page.said
    order_of = ("dix ans", "copie", "mot de passe") if language == "fr" else ("ten years", "copy", "password")
    assert [said.index(word) for word in order_of] == sorted(said.index(word) for word in order_of)


def test_close__needs_the_password_again(amina: people.Holder) -> None:
    client = signed_in(amina)
    assert "Écrivez votre mot de passe" in client.send("/settings/close/", 422, what="keep").said
    assert "Ce n’est pas votre mot de passe" in client.send("/settings/close/", 422, what="keep", password="wrong").said
    for _ in range(5):
        page = client.send("/settings/close/", 422, what="keep", password="wrong")
    assert "minutes" in page.said
    assert client.visit("/documents/").address == "/documents/"


def test_close__every_page_of_it_leads_to_where_it_stands_and_back(amina: people.Holder) -> None:
    client = signed_in(amina)
    closed(client, amina)
    for address in ("/home/", "/documents/", "/access/", "/notices/", "/settings/"):
        answer = client.client.get(address)
        assert (answer.status_code, answer.get("Location")) == (302, "/closed/"), address
    page = client.visit("/closed/")
    assert page.h1 == "Votre espace de santé est fermé" and "Conservé jusqu’au" in page.said
    assert "Lettre de sortie" not in page.said and amina.identity.name not in page.said
    client.send("/closed/reopen/")
    assert "en cours de réouverture" in client.visit("/closed/").h1
    with as_the_worker():
        assert spaces.reopen(person_id=amina.person_id)
    assert client.client.get("/closed/").headers["Location"] == "/home/"
    assert "Lettre de sortie" in client.visit("/documents/").said


def test_delete_space__asked_then_cancelled(amina: people.Holder) -> None:
    client = signed_in(amina)
    closed(client, amina)
    client.visit("/closed/delete/")
    client.send("/closed/delete/", 422, password="wrong")
    client.send("/closed/delete/", 200, password=amina.password)
    assert "changer d’avis jusqu’au" in client.visit("/closed/").said
    assert client.client.get("/closed/delete/").status_code == 302
    client.send("/closed/keep/")
    assert "Conservé jusqu’au" in client.visit("/closed/").said


def test_close__with_deletion_at_once(amina: people.Holder) -> None:
    client = signed_in(amina, "en")
    closed(client, amina, "delete")
    assert "You can change your mind until" in client.visit("/closed/").said


def test_object_to_suspension__opens_it_again(amina: people.Holder) -> None:
    client = signed_in(amina)
    spaces.suspend(actor=SYSTEM, person_id=amina.person_id)
    assert "suspendu" in client.visit("/closed/").h1
    client.send("/closed/object/")
    assert client.visit("/documents/").address == "/documents/"


@pytest.mark.parametrize("address", ["/closed/reopen/", "/closed/keep/", "/closed/object/"])
def test_closed__acts_on_an_open_space_change_nothing(amina: people.Holder, address: str) -> None:
    client = signed_in(amina)
    client.send(address, 409)
    assert client.visit("/documents/").address == "/documents/"
    assert client.client.get("/closed/").headers["Location"] == "/home/"


@pytest.mark.parametrize("address", ["/settings/close/", "/closed/", "/closed/delete/"])
def test_close__professionals_and_visitors_are_refused(address: str) -> None:
    signed_in(people.dr_nguyen()).visit(address, 404)
    assert PageClient().client.get(address).status_code == 302


def test_closed__a_sign_in_leads_there(amina: people.Holder) -> None:
    spaces.close(actor=amina.actor, person_id=amina.person_id)
    assert PageClient("fr").sign_in(amina).address == "/closed/"
