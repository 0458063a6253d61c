"""The second step: a code by mail, from an app or on paper; remembered browsers; the same words for whoever asks."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail

from healthspace.common import clock
from healthspace.people import actions, rules
from tests import people
from tests.factories.letters import letter
from tests.page_client import PageClient
from tests.rooms.test_people_sign_in import journal


def code_mailed_to(holder: people.Holder) -> str:
    message = next(one for one in reversed(mail.outbox) if holder.identity.email in one.to)
    found = re.search(r"^(\d{8})$", str(message.body), re.MULTILINE)
    assert found, message.body
    return found[1]


def to_the_code(person: Any, client: PageClient | None = None, **more: Any) -> PageClient:
    """A client whose password was right."""
    client = client or PageClient()
    page = client.send("/sign-in/", page="/sign-in/", login=person.login, password=person.password, **more)
    assert page.address == "/sign-in/code/"
    return client


def test_password__alone_opens_nothing_for_anybody() -> None:
    for person in (people.amina(), people.dr_nguyen()):
        client = PageClient()
        page = client.send("/sign-in/", page="/sign-in/", login=person.login, password=person.password)
        assert page.address in {"/sign-in/code/", "/sign-in/no-way/"}
        assert client.visit("/home/").address == "/sign-in/"
        assert client.visit("/pro/").address == "/sign-in/"


def test_code_by_mail__lets_the_holder_in_once() -> None:
    amina = people.amina()
    client = to_the_code(amina)
    page = client.visit("/sign-in/code/")
    assert amina.identity.email not in page.text
    assert f"{amina.identity.email[0]}•••@example.org" in page.said
    digits = code_mailed_to(amina)
    assert client.send("/sign-in/code/", 422, page="/sign-in/code/", code="0" * 8).address == "/sign-in/code/"
    assert client.send("/sign-in/code/", page="/sign-in/code/", code=f"{digits[:4]} {digits[4:]}").h1 == "Bonjour Amina"
    again = to_the_code(amina)
    again.send("/sign-in/code/", 422, page="/sign-in/code/", code=digits)


def test_code__five_wrong_ones_end_the_attempt() -> None:
    amina = people.amina()
    client = to_the_code(amina)
    for _try in range(4):
        client.send("/sign-in/code/", 422, page="/sign-in/code/", code="00000000")
    page = client.send("/sign-in/code/", page="/sign-in/code/", code="00000000")
    assert page.address == "/sign-in/"
    assert "recommencez" in page.said
    assert client.visit("/sign-in/code/").address == "/sign-in/"


def test_code__three_sent_and_not_used_says_when_and_asks_for_none_that_did_not_leave() -> None:
    amina = people.amina()
    for _time in range(3):
        to_the_code(amina)
    sent = len(mail.outbox)
    page = to_the_code(amina).visit("/sign-in/code/")
    assert len(mail.outbox) == sent
    assert page.h1 == "Attendez avant un nouveau code"
    assert "Nous avons envoyé trois codes en une heure. Vous pouvez en demander un autre à" in page.said
    assert 'name="code"' not in page.text and 'value="email"' not in page.text
    assert "encore s’il a moins" not in page.said  # a code of another try does not serve here


def test_code__three_asked_for_in_one_try_leaves_the_last_one_usable() -> None:
    amina = people.amina()
    client = to_the_code(amina)
    for _time in range(3):
        page = client.send("/sign-in/code/", page="/sign-in/code/", method="email")
    assert "encore s’il a moins de 10" in page.said
    assert client.send("/sign-in/code/", page="/sign-in/code/", code=code_mailed_to(amina)).address == "/home/"


def test_code__after_a_quarter_of_an_hour_is_begun_again() -> None:
    amina = people.amina()
    client = to_the_code(amina)
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        assert client.visit("/sign-in/code/").address == "/sign-in/"


def test_code__of_another_browser_does_not_serve() -> None:
    amina = people.amina()
    first = to_the_code(amina)
    digits = code_mailed_to(amina)
    second = to_the_code(amina)
    second.send("/sign-in/code/", 422, page="/sign-in/code/", code=digits)
    assert first.visit("/sign-in/code/").address == "/sign-in/code/"


def test_paper_code__is_one_press_away_and_works_once() -> None:
    amina = people.amina()
    codes = actions.new_paper_codes(account_id=amina.account_id)
    for _time, status in ((1, 200), (2, 422)):
        client = to_the_code(amina)
        assert "papier" in client.send("/sign-in/code/", page="/sign-in/code/", method="paper").h1
        client.send("/sign-in/code/", status, page="/sign-in/code/", code=codes[0].lower())


def test_app__is_set_up_and_asked_for_first() -> None:
    amina, client = people.amina(), PageClient()
    client.sign_in(amina)
    page = client.send("/settings/sign-in/app/", page="/settings/sign-in/app/")
    secret = re.search(r'class="hash">([A-Z2-7]+)<', page.text)
    assert secret and "<svg" in page.text
    client.send("/settings/sign-in/app/code/", 422, page="/settings/sign-in/app/code/", code="000000")
    page = client.send("/settings/sign-in/app/code/", page="/settings/sign-in/app/code/", code=_shown(secret[1]))
    assert "prête" in page.said
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        entering = to_the_code(amina)
        assert "application" in entering.visit("/sign-in/code/").h1
        code = _shown(secret[1])
        assert entering.send("/sign-in/code/", page="/sign-in/code/", code=code).address == "/home/"
        to_the_code(amina).send("/sign-in/code/", 422, page="/sign-in/code/", code=code)


def _shown(secret: str) -> str:
    import base64

    raw = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return rules.totp_code(raw, rules.totp_step(clock.now()))


def test_remembered_browser__needs_the_password_alone_for_thirty_days_and_only_for_its_holder() -> None:
    amina, paul = people.amina(), people.paul()
    client = to_the_code(amina)
    client.send("/sign-in/code/", page="/sign-in/code/", code=code_mailed_to(amina), remember="on")
    client.send("/sign-out/", page="/home/")
    page = client.send("/sign-in/", page="/sign-in/", login=amina.login, password=amina.password)
    assert page.address == "/home/"
    page = client.visit("/settings/contact/")
    assert page.address == "/sign-in/confirm/"  # the device is trusted, whoever sits there is not
    client.send("/sign-out/", page="/home/")
    to_the_code(paul, client)
    with time_machine.travel(clock.now() + timedelta(days=31)):
        to_the_code(amina, client)


def test_remembered_browser__is_forgotten_on_request() -> None:
    amina = people.amina()
    client = to_the_code(amina)
    client.send("/sign-in/code/", page="/sign-in/code/", code=code_mailed_to(amina), remember="on")
    client.send("/settings/sign-in/devices/forget/", page="/settings/sign-in/")
    client.send("/sign-out/", page="/home/")
    to_the_code(amina, client)


def test_no_second_way__is_told_only_after_the_right_password() -> None:
    lonely = people.amina(email="")
    wrong = PageClient().send("/sign-in/", 422, page="/sign-in/", login=lonely.login, password="not this one at all")
    unknown = PageClient().send("/sign-in/", 422, page="/sign-in/", login="nobody.at.all", password="not this one at")
    assert wrong.said == unknown.said
    page = PageClient().send("/sign-in/", page="/sign-in/", login=lonely.login, password=lonely.password)
    assert page.address == "/sign-in/no-way/"
    assert page.link("Demander un nouveau code") == "/start/new-code/"


@pytest.mark.parametrize("kind", ["operator", "support"])
def test_desk__is_never_asked_for_a_mail(kind: str) -> None:
    login = f"agent-{secrets.token_hex(6)}"
    account = actions.create_account(login=login, password=people.PASSWORD, kind=kind)
    client = PageClient()
    page = client.send("/sign-in/", page="/sign-in/", login=login, password=people.PASSWORD)
    assert page.address == "/sign-in/no-way/"
    code = actions.new_paper_codes(account_id=account.id)[0]
    page = client.send("/sign-in/", page="/sign-in/", login=login, password=people.PASSWORD)
    assert "Send me" not in page.said and "Se souvenir" not in page.said
    assert client.send("/sign-in/code/", page="/sign-in/code/", code=code).address == f"/{kind}/"


def test_signed_in__stands_once_in_the_journal() -> None:
    amina = people.amina()
    client = to_the_code(amina)
    client.send("/sign-in/code/", page="/sign-in/code/", code=code_mailed_to(amina))
    assert [entry.kind for entry in journal(amina)].count("signed_in") == 1


def test_activation__without_an_address_ends_with_codes_to_print() -> None:
    one = letter(email="")
    client = PageClient()
    client.send("/start/", page="/start/", **one.fields)
    login = f"camille.{secrets.token_hex(6)}"
    fields: dict[str, Any] = {"login": login, "password": people.PASSWORD, "again": people.PASSWORD}
    page = client.send("/start/open/account/", page="/start/open/account/", **fields)
    assert page.address == "/settings/sign-in/paper/first/"
    shown = client.send("/settings/sign-in/paper/", page="/settings/sign-in/paper/first/")
    codes = re.findall(r"<b>(\w{5}-\w{5})</b>", shown.text)
    assert len(codes) == len(set(codes)) == 10
    later = PageClient()
    later.send("/sign-in/", page="/sign-in/", login=login, password=people.PASSWORD)
    assert later.send("/sign-in/code/", page="/sign-in/code/", code=codes[3]).address == "/home/"


def test_leave_fast__ends_the_session_and_leads_where_the_operator_says(settings: Any) -> None:
    client = PageClient()
    client.sign_in(people.amina())
    assert "Quitter vite" in client.visit("/documents/").said
    settings.QUICK_EXIT_URL = "https://weather.example/"
    token = client.client.cookies["csrftoken"].value
    answer = client.client.post("/sign-out/fast/", {"csrfmiddlewaretoken": token})
    assert answer["Location"] == "https://weather.example/"
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert client.visit("/documents/").address == "/sign-in/"
