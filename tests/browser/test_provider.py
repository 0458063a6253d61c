"""A real browser goes to a certified provider and comes back, with and without script; the provider ends it again."""

from __future__ import annotations

import time
from typing import Any

import pytest

from healthspace.people import actions as directory
from tests import people
from tests.browser.conftest import NARROW, WIDE, Family, Window
from tests.providers import real
from tests.providers.visits import described, practising


def only(complaints: list[str], provider: str) -> list[str]:
    """What the browser complained of, apart from having gone to the provider, as it should."""
    return [one for one in complaints if provider not in one]


def is_signed_out(window: Window, within_seconds: float = 20) -> bool:
    """Asked until it is so: a session that ended is dead within seconds in every process (T09)."""
    until = time.monotonic() + within_seconds
    while time.monotonic() < until:
        window.go("/home/")
        if window.page.url.startswith(f"{window.site}/sign-in/"):
            return True
        window.page.wait_for_timeout(250)
    return False


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_holder__signs_in_and_the_provider_signs_them_out(
    open_window: Any, site: str, family: Family, settings: Any, script: bool
) -> None:
    amina = people.amina()
    settings.SITE_URL = site
    with real.running("citizen", site, {"amina": described(amina)}) as provider:
        settings.PROVIDERS = {"citizen": provider.settings("citizen")}
        window = open_window(viewport=NARROW, script=script)
        page = window.go("/sign-in/?next=/documents/")
        page.get_by_role("link", name="Se connecter avec Real Connect").click()
        page.get_by_role("link", name="I am amina").click()
        page.wait_for_url(f"{site}/documents/")
        assert "code=" not in page.url
        assert only(window.complaints, provider.issuer) == []
        page.goto(f"{provider.issuer}/session/end")
        page.locator("button[value=yes], button[type=submit]").first.click()
        page.wait_for_load_state("load")
        assert is_signed_out(window), page.url


def test_professional__of_two_places_says_where_they_work(open_window: Any, site: str, settings: Any) -> None:
    doctor, other = people.dr_nguyen(), people.rivemont()
    directory.add_practice(professional_id=doctor.id, institution_id=other.id)
    settings.SITE_URL = site
    with real.running("professional", site, {"linh": practising(doctor, other.finess)}) as provider:
        settings.PROVIDERS = {"professional": provider.settings("professional")}
        window = open_window(viewport=WIDE)
        page = window.go("/sign-in/")
        page.get_by_role("link", name="Real Connect").click()
        page.get_by_role("link", name="I am linh").click()
        page.wait_for_url(f"{site}/pro/place/")
        assert page.get_by_role("heading", level=1).inner_text() == "Où travaillez-vous aujourd’hui\u202f?"
        assert page.get_by_role("radio", name="Hôpital de Rivemont Rivemont").is_checked()
        page.get_by_role("button", name="Exercer ici").click()
        page.wait_for_url(f"{site}/pro/")
        assert only(window.complaints, provider.issuer) == []


def test_sign_in__provider_away_offers_another_way(open_window: Any, site: str, settings: Any) -> None:
    gone = real.Real("http://127.0.0.1:9")
    settings.PROVIDERS = {"citizen": gone.settings("citizen")}
    page = open_window(viewport=NARROW).go("/sign-in/")
    page.get_by_role("link", name="Se connecter avec Real Connect").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Ce moyen de connexion ne répond pas"
    page.get_by_role("link", name="Se connecter autrement").click()
    page.wait_for_url(f"{site}/sign-in/")
