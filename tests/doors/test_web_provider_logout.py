"""Sessions that a provider ends from its side: those it began, by a token that holds, and no later one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from healthspace.common import clock
from healthspace.people.actions import providers
from tests import people
from tests.page_client import PageClient
from tests.providers import visits
from tests.providers.visits import Two, described, signs_in

two = visits.two  # the fixture


def test_ended__by_the_provider_ends_only_the_sessions_it_began(two: Two) -> None:
    amina, client, by_hand = people.amina(), PageClient(), PageClient()
    two.citizen.person = described(amina)
    by_hand.sign_in(amina)
    start = clock.now()
    with time_machine.travel(start, tick=False) as travel:
        signs_in(client, two.citizen, "citizen")
        assert client.client.get("/home/").status_code == 200
        token = two.citizen.logout_token()
        travel.shift(6)
        answer = PageClient().client.post("/sign-in/with/citizen/ended/", {"logout_token": token})
        assert (answer.status_code, answer.content) == (200, b"")
        travel.shift(6)
        assert client.client.get("/home/").status_code == 302
        assert by_hand.client.get("/home/").status_code == 200
        travel.shift(60)
        later = PageClient()
        signs_in(later, two.citizen, "citizen")
        PageClient().client.post("/sign-in/with/citizen/ended/", {"logout_token": token})
        travel.shift(6)
        assert later.client.get("/home/").status_code == 200


LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another client"},
        {"iat": 1},
        {"exp": 1},
        {"events": {}},
        {"events": {LOGOUT_EVENT: "x"}},
        {"nonce": "x"},
        {"jti": ""},
        {"sub": "", "sid": ""},
    ],
)
def test_ended__a_bent_logout_token_ends_nothing(two: Two, change: dict[str, Any]) -> None:
    two.citizen.person = described(people.amina())
    client = PageClient()
    signs_in(client, two.citizen, "citizen")
    token = two.citizen.logout_token(lambda claims: claims.update(change))
    assert PageClient().client.post("/sign-in/with/citizen/ended/", {"logout_token": token}).status_code == 400
    assert client.client.get("/home/").status_code == 200


def test_ended__an_id_token_or_nothing_is_no_logout_token(two: Two) -> None:
    for token in (two.citizen.id_token("at-1"), "", "x.y.z"):
        assert PageClient().client.post("/sign-in/with/citizen/ended/", {"logout_token": token}).status_code == 400


def test_forget_old_attempts__keeps_what_is_young(two: Two) -> None:
    two.citizen.person = described(people.amina())
    signs_in(PageClient(), two.citizen, "citizen")
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert providers.forget_old_attempts() >= 1
        assert providers.forget_old_attempts() == 0
