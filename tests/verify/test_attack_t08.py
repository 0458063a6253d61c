"""T08: a session put under somebody's feet beforehand is worth nothing after any change of what it may do."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from healthspace.people import actions
from tests import people
from tests.factories.letters import letter
from tests.page_client import PageClient, begin_session


def key_of(client: PageClient) -> str:
    """What an attacker planted or stole: the cookie of now."""
    if "session" not in client.client.cookies:
        client.client.get("/sign-in/")
    cookie = client.client.cookies.get("session")
    return cookie.value if cookie else ""


def is_inside(key: str) -> bool:
    thief = Client()
    thief.cookies["session"] = key
    return any(thief.get(page).status_code == 200 for page in ("/settings/", "/settings/sign-in/", "/pro/"))


def digits(holder: people.Holder) -> str:
    body = next(str(one.body) for one in reversed(mail.outbox) if holder.identity.email in one.to)
    return str(re.findall(r"^\d{8}$", body, re.MULTILINE)[0])


def sign_in(client: PageClient) -> None:
    amina = people.amina()
    client.send("/sign-in/", page="/sign-in/", login=amina.login, password=amina.password)
    client.send("/sign-in/code/", page="/sign-in/code/", code=digits(amina))


def half_sign_in(client: PageClient) -> None:
    amina = people.amina()
    client.send("/sign-in/", page="/sign-in/", login=amina.login, password=amina.password)


def confirm(client: PageClient) -> None:
    amina = people.amina()
    begin_session(client.client, amina)
    code = actions.new_paper_codes(account_id=amina.account_id)[0]
    keys.append(key_of(client))
    client.send("/sign-in/confirm/", page="/sign-in/confirm/", password=amina.password)
    keys.append(key_of(client))
    client.send("/sign-in/code/", page="/sign-in/code/", method="paper")
    client.send("/sign-in/code/", page="/sign-in/code/", code=code)


def act_for_a_child(client: PageClient) -> None:
    jeanne, leo = people.jeanne(), people.leo()
    jeanne.representing(leo)
    begin_session(client.client, jeanne)
    keys.append(key_of(client))
    client.send(f"/people/{leo.person_id}/", page="/people/")
    keys.append(key_of(client))
    client.send("/people/me/", page="/people/")


def change_place(client: PageClient) -> None:
    doctor, second = people.dr_nguyen(), people.rivemont()
    actions.add_practice(professional_id=doctor.id, institution_id=second.id)
    begin_session(client.client, doctor)
    keys.append(key_of(client))
    client.client.get("/pro/place/")
    token = client.client.cookies["csrftoken"].value
    client.client.post("/pro/place/", {"place": str(second.id), "csrfmiddlewaretoken": token})


def open_by_letter(client: PageClient) -> None:
    one = letter()
    client.send("/start/", page="/start/", **one.fields)
    keys.append(key_of(client))
    fields: dict[str, Any] = {"login": f"camille.{secrets.token_hex(6)}", "password": "four plain words here"}
    client.send("/start/open/account/", page="/start/open/account/", again="four plain words here", **fields)


def sign_out(client: PageClient) -> None:
    begin_session(client.client, people.amina())
    keys.append(key_of(client))
    client.send("/sign-out/", page="/settings/")


def leave_fast(client: PageClient) -> None:
    begin_session(client.client, people.amina())
    keys.append(key_of(client))
    client.send("/sign-out/fast/", page="/settings/")


keys: list[str] = []
CHANGES: list[Callable[[PageClient], None]] = [
    sign_in, half_sign_in, confirm, act_for_a_child, change_place, open_by_letter, sign_out, leave_fast,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_change_of_what_a_session_may__makes_every_key_before_it_worthless(change: Any) -> None:
    keys.clear()
    client = PageClient()
    keys.append(key_of(client))
    change(client)
    after = key_of(client)
    for before in filter(None, keys):
        assert before != after
        assert not is_inside(before), f"{change.__name__} left an older key alive"


def test_key_of_the_attackers_own_choice__is_never_taken_on() -> None:
    planted = secrets.token_hex(16)
    client = PageClient()
    client.client.cookies["session"] = planted
    sign_in(client)
    assert key_of(client) != planted
    assert not is_inside(planted)
