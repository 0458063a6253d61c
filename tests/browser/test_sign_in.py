"""Signing in with a real browser: a code that a real mail server took, and a passkey of a virtual authenticator."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from playwright.sync_api import CDPSession, expect

from healthspace.people import actions
from tests import people
from tests.browser.conftest import NARROW, WIDE, Window
from tests.browser.test_accessibility import faults_of
from tests.browser.test_fit import SIDEWAYS, SMALLEST
from tests.factories.mail_server import Sink, sink

# Give a folder to look at the pages with your own eyes.
PICTURES = os.environ.get("HEALTHSPACE_PICTURES", "")
SMTP = "django.core.mail.backends.smtp.EmailBackend"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(window: Window) -> tuple[CDPSession, str]:
    """A device that the browser takes for its own; the session and the id to speak to it."""
    session = window.page.context.new_cdp_session(window.page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return session, made["authenticatorId"]


def picture(window: Window, name: str) -> None:
    if not PICTURES:
        return
    for size in (NARROW, WIDE):
        window.page.set_viewport_size(size)  # type: ignore[arg-type]
        window.page.screenshot(path=Path(PICTURES) / f"{name}-{size['width']}.png", full_page=True)


@pytest.fixture
def mails() -> Iterator[Sink]:
    """A real mail server takes what the pages send."""
    with sink() as kept, override_settings(EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=kept.port):
        yield kept


def test_code__of_a_real_mail_server_and_without_script(open_window: Any, mails: Sink) -> None:
    amina = people.amina()
    window = open_window("fr", viewport=NARROW, script=False)
    window.sign_in_by_hand(amina)
    page = window.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Écrivez les 8 chiffres de l’e-mail")
    picture(window, "second-fr")
    page.locator("#id_code").fill("00000000")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("#id_code").fill(digits(mails, amina))
    page.locator("#id_remember").check()
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Amina")
    page.get_by_role("button", name="Quitter vite").click()
    expect(page).to_have_url(f"{window.site}/")
    window.sign_in_by_hand(amina)  # this browser is remembered
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Amina")


def digits(mails: Sink, holder: people.Holder) -> str:
    body = mails.to(holder.identity.email)[-1][1].get_content()
    return str(re.findall(r"^(\d{8})\s*$", body, re.MULTILINE)[0])


def test_passkey__is_added_and_is_all_one_needs(open_window: Any) -> None:
    amina = people.amina()
    window = open_window("en")
    session, device = with_authenticator(window)
    window.sign_in(amina)
    page = window.go("/settings/sign-in/")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status")).to_contain_text("Your passkey is there")
    assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1
    page.get_by_role("button", name="Leave fast").click()
    page = window.go("/sign-in/?next=/documents/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{window.site}/documents/")
    picture_of_ways(window)
    assert window.complaints == []


def picture_of_ways(window: Window) -> None:
    window.go("/settings/sign-in/")
    picture(window, "ways-en")


def test_passkey__proves_it_again_and_one_that_is_removed_opens_nothing(open_window: Any) -> None:
    amina = people.amina()
    window = open_window("en")
    with_authenticator(window)
    window.sign_in(amina)
    page = window.go("/settings/sign-in/")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status")).to_be_visible()
    page = window.go("/sign-in/confirm/?next=/settings/mails/")
    picture(window, "confirm-en")
    page.get_by_role("button", name="Confirm with a passkey").click()
    expect(page).to_have_url(f"{window.site}/settings/mails/")
    page = window.go("/settings/sign-in/")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("status")).to_contain_text("removed")
    page.get_by_role("button", name="Leave fast").click()
    page = window.go("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("status")).to_contain_text("was not taken")


def test_passkey__without_user_verification_is_not_taken(open_window: Any) -> None:
    amina = people.amina()
    window = open_window("en")
    session, device = with_authenticator(window)
    window.sign_in(amina)
    page = window.go("/settings/sign-in/")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.get_by_role("button", name="Leave fast").click()
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page = window.go("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Your device gave no passkey.")
    assert page.url.startswith(f"{window.site}/sign-in/")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages__are_clean_and_fit_a_small_phone(open_window: Any, language: str) -> None:
    amina = people.amina()
    window = open_window(language)
    visitor = open_window(language)
    window.sign_in(amina)
    actions.new_paper_codes(account_id=amina.account_id)
    for one, address in (
        (visitor, "/sign-in/"),
        (visitor, "/sign-in/lost/"),
        (visitor, "/sign-in/no-way/"),
        (window, "/sign-in/confirm/"),
        (window, "/settings/sign-in/"),
        (window, "/settings/sign-in/app/"),
        (window, "/settings/sign-in/paper/"),
        (window, "/settings/sign-in/paper/first/"),
        (window, "/settings/sign-in/locked/"),
    ):
        assert faults_of(one, address) == [], address
        one.page.set_viewport_size(SMALLEST)
        assert one.page.evaluate(SIDEWAYS) == [], address
        picture(one, f"{address.replace('/', '_')}{language}")
    shown = window.go("/settings/sign-in/paper/")
    shown.locator("main form button").click()
    assert shown.locator("main ol li").count() == 10
    picture(window, f"paper-{language}")
    assert window.complaints == visitor.complaints == []
