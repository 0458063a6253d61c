"""Ways in, walked without script on a small phone: lost, opened without a mail, by an app; signed out elsewhere."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import override_settings
from playwright.sync_api import Page, expect

from healthspace.common import clock
from healthspace.outbox import dispatcher
from healthspace.people import actions as accounts
from healthspace.people.rules import factors
from tests import people
from tests.browser.conftest import WIDE, Window
from tests.browser.test_fit import SIDEWAYS, SMALLEST
from tests.browser.test_letter import come_in
from tests.browser.test_sign_in import SMTP, with_authenticator
from tests.factories import enrollees
from tests.factories.letters import Letter, code_for, letter
from tests.factories.mail_server import Sink, sink

NEW = "four other words there"


@dataclass(frozen=True, slots=True)
class Kept:
    """An identifier and a password, as written down."""

    login: str
    password: str


def fits(page: Page) -> None:
    """Nothing of the page is wider than a small phone."""
    page.wait_for_load_state("load")
    assert page.evaluate(SIDEWAYS) == [], page.url


def headed(page: Page, words: str) -> None:
    """This is the page one reads now, and it fits."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)
    fits(page)


def type_in(page: Page, fields: dict[str, Any]) -> None:
    """Fill a form in, by the names of its fields, and send it."""
    for name, typed in fields.items():
        page.locator(f"#id_{name}").fill(str(typed))
    page.locator("main form button").last.click()


def paper_codes(page: Page, show: str) -> list[str]:
    """The codes of the page to print."""
    page.get_by_role("button", name=show).click()
    shown = page.locator("main ol li")
    expect(shown).to_have_count(10)
    fits(page)
    return shown.all_inner_texts()


def test_lost_account__comes_back_by_letter_and_a_paper_code_opens_it_again(open_window: Any) -> None:
    who = enrollees.adult(state="active", email="")
    login = f"camille.{secrets.token_hex(6)}"
    accounts.create_account(login=login, password=people.PASSWORD, kind="holder", person_id=who.person_id)
    window: Window = open_window("fr", viewport=SMALLEST, script=False)
    page = window.go("/sign-in/")
    page.get_by_role("link", name="J’ai perdu mon mot de passe").click()
    headed(page, "Je ne peux plus me connecter")
    page.get_by_role("link", name="Demander un code").click()
    born = who.born_on
    card = {"serial": who.card_serial[-11:], "matricule": who.matricule}
    type_in(page, card | {"day": born.day, "month": born.month, "year": born.year})
    expect(page).to_have_url(re.compile("/start/new-code/asked/$"))
    window.go("/sign-in/lost/").get_by_role("link", name="J’ai mon code").click()
    type_in(page, Letter(who, code_for(who, purpose="recover"), who.matricule).fields)
    expect(page).to_have_url(re.compile("/sign-in/lost/new/$"))
    fits(page)
    type_in(page, {"login": f"neuve.{login}", "password": NEW, "again": NEW})
    codes = paper_codes(page, "Montrer mes dix codes")
    window.go("/documents/")
    headed(page, "72 heures")
    page.get_by_role("button", name="Quitter vite").click()
    window.sign_in_by_hand(Kept(f"neuve.{login}", NEW))
    headed(page, "Écrivez un de vos codes sur papier")
    type_in_code(page, codes[0])
    headed(page, "72 heures")
    page.get_by_role("button", name="Quitter vite").click()
    window.sign_in_by_hand(Kept(f"neuve.{login}", NEW))
    type_in_code(page, codes[0])
    expect(page.get_by_role("alert")).to_be_visible()  # each works once
    assert window.complaints == [] or all("422" in told for told in window.complaints)


def type_in_code(page: Page, code: str) -> None:
    page.locator("#id_code").fill(code)
    page.get_by_role("button", name=re.compile("^(Continuer|Continue)$")).click()


def test_letter__of_somebody_without_a_mail_ends_with_paper_codes(open_window: Any) -> None:
    one = letter(email="")
    window: Window = open_window("fr", viewport=SMALLEST, script=False)
    page = come_in(window, one)
    page.get_by_role("link", name="J’ouvre l’espace").click()
    page.get_by_label("Seulement le médecin du SAMU").check()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Personne pour l’instant").check()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Je n’ai pas d’e-mail").click()
    page.locator("#id_password").fill(NEW)
    page.locator("#id_again").fill(NEW)
    login = page.locator("#id_login").input_value()
    page.get_by_role("button", name="Ouvrir l’espace").click()
    headed(page, "Imprim")
    codes = paper_codes(page, "Montrer mes dix codes")
    page.get_by_role("link", name="Je les ai").click()
    expect(page).to_have_url(f"{window.site}/home/")
    page.get_by_role("button", name="Quitter vite").click()
    window.sign_in_by_hand(Kept(login, NEW))
    type_in_code(page, codes[9])
    expect(page).to_have_url(f"{window.site}/home/")
    assert window.complaints == []


def test_app__is_set_up_and_asked_for_and_another_device_is_signed_out(open_window: Any) -> None:
    amina = people.amina()
    here: Window = open_window("en", viewport=SMALLEST, script=False)
    there: Window = open_window("en", viewport=SMALLEST)
    here.sign_in(amina)
    there.sign_in(amina)
    page = here.go("/settings/sign-in/")
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_role("button", name="I have an app").click()
    fits(page)
    secret = base64.b32decode(re.sub(r"\s", "", page.locator(".hash").first.text_content() or ""))
    type_in(page, {"code": factors.totp_code(secret, factors.totp_step(clock.now()))})
    expect(page.get_by_role("status")).to_contain_text("Your app is set up.")
    fits(page)
    page.get_by_role("button", name=re.compile(r"^Sign out\s?:")).first.click()
    expect(page.get_by_role("button", name=re.compile(r"^Sign out\s?:"))).to_have_count(0)
    assert is_signed_out(there)
    page.get_by_role("button", name="Leave fast").click()
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        here.sign_in_by_hand(amina)
        if page.locator("button[name=method][value=totp]").count():
            page.locator("button[name=method][value=totp]").click()
        headed(page, "Write the 6 digits of your app")
        type_in_code(page, factors.totp_code(secret, factors.totp_step(clock.now())))
        expect(page).to_have_url(f"{here.site}/home/")
    assert here.complaints == there.complaints == []


def is_signed_out(window: Window) -> bool:
    """Asked until it is so, for ten seconds: another process may remember for five."""
    for _ in range(40):
        window.go("/home/")
        if window.page.url.startswith(f"{window.site}/sign-in/"):
            return True
        window.page.wait_for_timeout(250)
    return False


def test_passkey__of_a_doctor_opens_the_professionals_pages(open_window: Any) -> None:
    doctor = people.dr_nguyen()
    window: Window = open_window("en", viewport=WIDE)
    with_authenticator(window)
    window.sign_in(doctor)
    page = window.go("/settings/sign-in/")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status")).to_contain_text("Your passkey is there")
    page.context.clear_cookies()
    page = window.go("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{window.site}/pro/")
    assert window.complaints == []


@pytest.fixture
def mails() -> Iterator[Sink]:
    """A real mail server takes what the worker sends."""
    with sink() as kept, override_settings(EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=kept.port):
        yield kept


def test_contact__a_change_asked_by_hand_is_stopped_by_the_mailed_link(open_window: Any, mails: Sink) -> None:
    amina = people.amina()
    thief: Window = open_window("en", viewport=SMALLEST, script=False)
    thief.sign_in(amina)
    page = thief.go("/settings/contact/")
    type_in(page, {"email": "another@example.org"})
    expect(page.locator("main")).to_contain_text("another@example.org")
    fits(page)
    dispatcher.run_for(amina.person_id)
    assert mails.to("another@example.org") == []
    body = "".join(mail.get_content() for _path, mail in mails.to(amina.identity.email))
    found = re.search(r"http\S+(/contact/stop/[\w-]+/)", body)
    assert found is not None, body
    owner: Window = open_window("fr", viewport=SMALLEST, script=False)
    page = owner.go(found[1])
    fits(page)
    page.locator("main form button").click()
    expect(page).to_have_url(f"{owner.site}/contact/stopped/")
    fits(page)
    page = thief.go("/settings/contact/")
    expect(page.locator("#id_email")).to_have_value(amina.identity.email)
    assert thief.complaints == owner.complaints == []
