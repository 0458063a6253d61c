"""Holders who sign in with an identity provider: who gets in, who is told what, nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine

from healthspace.common import clock
from tests import people
from tests.page_client import PageClient
from tests.providers import visits
from tests.providers.visits import BACK, Two, described, goes, signs_in

two = visits.two  # the fixture


def test_sign_in__page_offers_both_providers(two: Two) -> None:
    page = PageClient().visit("/sign-in/?next=/documents/")
    assert page.said.count("Invented Connect") == 2
    assert page.link("Invented Connect") == "/sign-in/with/citizen/?next=%2Fdocuments%2F"


def test_sign_in__page_offers_none_where_none_is_set() -> None:
    assert "Connect" not in PageClient().visit("/sign-in/").said


def test_begin__asks_for_what_proves_it(two: Two) -> None:
    goes(PageClient(), two.citizen, "citizen")
    asked = two.citizen.asked
    assert (asked["response_type"], asked["code_challenge_method"], asked["acr_values"]) == ("code", "S256", "eidas2")
    assert len(asked["state"]) >= 32 and len(asked["nonce"]) >= 32 and "openid" in asked["scope"]
    assert asked["redirect_uri"].endswith("/sign-in/with/citizen/back/")


def test_back__holder_known_by_ins_and_five_traits_is_in_and_linked(two: Two) -> None:
    amina, client = people.amina(), PageClient()
    two.citizen.person = described(amina)
    assert signs_in(client, two.citizen, "citizen").address == "/home/"
    two.citizen.person = {}
    again = PageClient()
    assert signs_in(again, two.citizen, "citizen").address == "/home/"
    journal = again.visit("/access/?view=date").said
    assert "identité numérique" in journal


@pytest.mark.parametrize(
    "changed",
    [
        {"birthdate": "1901-01-01"},
        {"gender": "male"},
        {"birthplace": "75056"},
        {"birthplace": ""},
        {"family_name": "BENALY"},
        {"given_name": "LEILA"},
        {"given_name": ""},
    ],
)
def test_back__one_trait_otherwise_opens_nothing(two: Two, changed: dict[str, str]) -> None:
    client = PageClient()
    two.citizen.person = described(people.amina(), **changed)
    page = signs_in(client, two.citizen, "citizen", 422)
    assert page.title.startswith("Erreur")
    assert client.client.get("/home/").status_code == 302


def test_back__traits_without_ins_open_nothing(two: Two) -> None:
    two.citizen.person = described(people.amina(), with_ins=False)
    signs_in(PageClient(), two.citizen, "citizen", 422)


def test_back__without_having_left_is_refused(two: Two) -> None:
    PageClient().visit(f"{BACK.format('citizen')}?state=x&code=y", 422)


def test_back__in_another_browser_is_refused(two: Two) -> None:
    brought = goes(PageClient(), two.citizen, "citizen")
    PageClient().visit(f"{BACK.format('citizen')}?{urlencode(brought)}", 422)


def test_back__twice_is_refused(two: Two) -> None:
    two.citizen.person = described(people.amina())
    client = PageClient()
    address = f"{BACK.format('citizen')}?{urlencode(goes(client, two.citizen, 'citizen'))}"
    client.visit(address)
    client.visit(address, 422)


def test_back__who_stopped_is_at_the_sign_in_again(two: Two) -> None:
    client = PageClient()
    brought = goes(client, two.citizen, "citizen") | {"error": "access_denied", "code": ""}
    page = client.visit(f"{BACK.format('citizen')}?{urlencode(brought)}")
    assert page.address == "/sign-in/"


def test_begin__provider_away_is_a_page_with_another_way_in(two: Two) -> None:
    two.citizen.metadata = lambda found: found.clear()
    page = PageClient().visit("/sign-in/with/citizen/", 503)
    assert page.link("autrement") == "/sign-in/"


def test_begin__no_such_provider_is_absent(two: Two) -> None:
    for kind in ("nobody", "support"):
        PageClient().visit(f"/sign-in/with/{kind}/", 404)


def test_add__holder_adds_it_with_a_fresh_proof_and_removes_it(two: Two) -> None:
    amina, client = people.amina(), PageClient()
    client.sign_in(amina)
    two.citizen.person = described(amina, with_ins=False)
    brought = goes(client, two.citizen, "citizen", "/settings/sign-in/provider/add/")
    client.visit(f"{BACK.format('citizen')}?{urlencode(brought)}")
    other = PageClient()
    assert signs_in(other, two.citizen, "citizen").address == "/home/"
    assert "Vous pouvez aussi vous connecter avec Invented Connect" in client.visit("/settings/sign-in/").said
    client.send("/settings/sign-in/provider/remove/")
    assert "Ajouter Invented Connect" in client.visit("/settings/sign-in/").said
    signs_in(PageClient(), two.citizen, "citizen", 422)


def test_add__somebody_elses_identity_is_not_added(two: Two) -> None:
    amina, client = people.amina(), PageClient()
    client.sign_in(amina)
    two.citizen.person = described(people.paul(), with_ins=False)
    brought = goes(client, two.citizen, "citizen", "/settings/sign-in/provider/add/")
    client.visit(f"{BACK.format('citizen')}?{urlencode(brought)}")
    signs_in(PageClient(), two.citizen, "citizen", 422)


@pytest.mark.parametrize(("minutes", "asks"), [(1, False), (6, True), (None, True)])
def test_back__who_was_signed_in_over_there_proves_it_again_before_what_matters(
    two: Two, minutes: int | None, asks: bool
) -> None:
    def change(claims: dict[str, Any]) -> None:
        claims.pop("auth_time") if minutes is None else claims.update(auth_time=claims["iat"] - 60 * minutes)

    client = PageClient()
    two.citizen.person, two.citizen.claims = described(people.amina()), change
    signs_in(client, two.citizen, "citizen")
    answer = client.client.get("/settings/copy/")
    assert answer.get("Location", "").startswith("/sign-in/confirm/") is asks


def test_add__an_old_proof_is_asked_again(two: Two) -> None:
    client = PageClient()
    client.sign_in(people.amina())
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        answer = client.client.get("/settings/sign-in/provider/add/")
    assert answer["Location"].startswith("/sign-in/confirm/")


def test_confirm__with_the_provider_that_signs_one_in(two: Two) -> None:
    client = PageClient()
    two.citizen.person = described(people.amina())
    signs_in(client, two.citizen, "citizen")
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        page = client.visit("/settings/copy/")
        assert page.address == "/sign-in/confirm/"
        assert "clé d’accès" not in page.said  # there is none
        assert page.link("Je n’ai plus") == "/sign-in/lost/"
        address = page.link("Confirmer avec")
        assert address == "/sign-in/with/citizen/?next=%2Fsettings%2Fcopy%2F"
        brought = goes(client, two.citizen, "citizen", address)
        assert (two.citizen.asked["prompt"], two.citizen.asked["max_age"]) == ("login", "0")
        page = client.visit(f"{BACK.format('citizen')}?{urlencode(brought)}")
        assert page.address == "/settings/copy/"


@pytest.mark.parametrize("lie", ["old", "other"])
def test_confirm__an_old_or_another_sign_in_over_there_is_no_proof(two: Two, lie: str) -> None:
    client, paul = PageClient(), people.paul()
    two.citizen.person = described(people.amina())
    signs_in(client, two.citizen, "citizen")
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        brought = goes(client, two.citizen, "citizen", "/sign-in/with/citizen/?next=/settings/copy/")
        if lie == "old":
            two.citizen.claims = lambda claims: claims.update(auth_time=claims["iat"] - 360)
        else:
            two.citizen.subject, two.citizen.person = "somebody-else", described(paul)
        page = client.visit(f"{BACK.format('citizen')}?{urlencode(brought)}")
        assert page.address == "/sign-in/confirm/"
        assert client.visit("/settings/copy/").address == "/sign-in/confirm/"


def test_confirm__leaving_it_leads_back_to_where_one_came_from() -> None:
    client = PageClient()
    client.sign_in(people.amina())
    client.client.defaults["HTTP_REFERER"] = "http://testserver/documents/"
    assert client.visit("/sign-in/confirm/?next=/settings/copy/").link("Ne rien faire") == "/documents/"
    client.client.defaults["HTTP_REFERER"] = "http://testserver/settings/copy/"
    assert client.visit("/sign-in/confirm/?next=/settings/copy/").link("Ne rien faire") == "/home/"
