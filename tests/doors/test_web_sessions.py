"""Signing in and out, sessions that end, languages, errors: what holds before anything is read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from healthspace.common import clock
from tests import people
from tests.page_client import PageClient


def test_sign_in__leads_to_ones_own_page() -> None:
    holder, doctor = people.amina(), people.dr_nguyen()
    assert PageClient().sign_in(holder).h1 == "Bonjour Amina"
    assert PageClient("en").sign_in(doctor).h1 == "My patients"


def test_sign_in__goes_on_to_the_page_asked_for_and_never_elsewhere() -> None:
    holder = people.amina()
    assert PageClient().sign_in_by_hand(holder, next="/access/").address == "/access/"
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert PageClient().sign_in_by_hand(holder, next=elsewhere).address == "/home/"


def test_sign_in__unknown_and_wrong_read_the_same() -> None:
    holder = people.amina()
    wrong = PageClient().send("/sign-in/", 422, login=holder.login, password="not this one at all")
    unknown = PageClient().send("/sign-in/", 422, login="nobody.at.all", password="not this one at all")
    assert wrong.said == unknown.said
    assert "ne vont pas ensemble" in wrong.said
    assert wrong.title.startswith("Erreur")


def test_sign_in__after_five_wrong_tries_says_how_long_to_wait() -> None:
    holder, client = people.amina(), PageClient()
    for _try in range(5):
        client.send("/sign-in/", 422, login=holder.login, password="not this one at all")
    page = client.send("/sign-in/", 429, login=holder.login, password=holder.password)
    assert "Trop d’essais" in page.said
    assert "minute" in page.said


def test_sign_in__changes_the_key_of_the_session() -> None:
    holder, client = people.amina(), PageClient()
    client.sign_in(people.paul())
    first = client.client.cookies["session"].value
    client.sign_in(holder)
    assert client.client.cookies["session"].value != first
    stale = Client()
    client.send("/sign-out/")
    stale.cookies["session"] = first
    assert stale.get("/home/").status_code == 302


def test_sign_out__ends_the_session_and_wipes() -> None:
    client = PageClient()
    client.sign_in(people.amina())
    client.client.get("/home/")
    token = client.client.cookies["csrftoken"].value
    answer = client.client.post("/sign-out/", {"csrfmiddlewaretoken": token})
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert client.visit("/home/").address == "/sign-in/"


def test_session__ends_after_fifteen_minutes_of_rest() -> None:
    client = PageClient()
    client.sign_in(people.amina())
    client.visit("/home/")
    with time_machine.travel(clock.now() + timedelta(minutes=14)):
        assert client.visit("/home/").address == "/home/"
    with time_machine.travel(clock.now() + timedelta(minutes=30)):
        page = client.visit("/home/")
    assert page.address == "/sign-in/again/"
    assert "Rien n’est perdu" in page.said


def test_session__ends_after_twelve_hours_however_busy() -> None:
    client, began = PageClient(), clock.now()
    client.sign_in(people.amina())
    for minutes in range(0, 12 * 60, 10):
        with time_machine.travel(began + timedelta(minutes=minutes)):
            assert client.client.get("/settings/").status_code == 200
    with time_machine.travel(began + timedelta(hours=12, minutes=1)):
        assert client.visit("/settings/").address == "/sign-in/again/"


def test_place_of_practice__changing_it_gives_a_new_key() -> None:
    from healthspace.people import actions

    doctor, second = people.dr_nguyen(), people.rivemont()
    actions.add_practice(professional_id=doctor.id, institution_id=second.id)
    client = PageClient()
    client.sign_in(doctor)
    before = client.client.cookies["session"].value
    page = client.send("/pro/place/", page="/pro/place/", place=str(second.id))
    assert client.client.cookies["session"].value != before
    assert "Hôpital de Rivemont" in page.said
    client.send("/pro/place/", 404, page="/pro/place/", place=str(people.rivemont().id))


def test_language__is_chosen_kept_and_never_leads_away() -> None:
    client = PageClient()
    assert client.visit("/help/").h1 == "Aide"
    client.language = "en"
    assert client.send("/language/", language="en", next="/help/").h1 == "Help"
    assert client.visit("/privacy/").h1 == "Your data and your rights"
    assert client.send("/language/", language="en", next="https://evil.example/").address == "/"
    assert client.send("/language/", language="xx", next="/help/").h1 == "Help"


def test_personal_page__is_kept_nowhere() -> None:
    client = PageClient()
    client.sign_in(people.amina())
    for address in ("/home/", "/documents/", "/access/", "/settings/"):
        assert client.visit(address).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_error_pages__say_what_to_do(language: str) -> None:
    client = PageClient(language)
    missing = client.visit("/no-such-page/", 404)
    method = client.visit("/sign-out/", 405)
    refused = client._page(client.client.post("/sign-out/"), 403)
    for page in (missing, method, refused):
        assert "112" in page.said
        assert ("Numéro d’incident" if language == "fr" else "Incident number") in page.said


def test_error_page__of_a_fault_tells_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from healthspace.web.citizen import gather

    client = PageClient()
    client.sign_in(people.amina())
    client.client.raise_request_exception = False

    def fail(**_given: Any) -> Any:
        raise ValueError("Amina's secret")

    monkeypatch.setattr(gather, "first_page", fail)
    page = client.visit("/home/", 500)
    assert "secret" not in page.text
    assert "Numéro d’incident" in page.said


def test_request_too_big__is_told_before_it_is_read() -> None:
    client = PageClient()
    answer = client.client.post("/sign-in/", b"x", content_type="text/plain", CONTENT_LENGTH="9999999999")
    assert client._page(answer, 413).h1 == "Ce fichier est trop gros"


def test_head__is_answered_like_get() -> None:
    client = PageClient().client
    for address in ("/", "/sign-in/", "/help/"):
        answer = client.head(address)
        assert answer.status_code == 200
        assert answer.content == b""
