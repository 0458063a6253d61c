"""The same doors against a certified OpenID provider (npm oidc-provider) in its own process on loopback."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests

from tests import people
from tests.page_client import Page, PageClient
from tests.providers import real
from tests.providers.real import Real
from tests.providers.visits import described, practising

SITE = "http://localhost:8400"


def signs_in(client: PageClient, provider: Real, kind: str, who: str, status: int = 200) -> Page:
    """Our door by the test client, the provider's pages by a browser's requests."""
    answer = client.client.get(f"/sign-in/with/{kind}/")
    with requests.Session() as browser:
        browser.trust_env = False
        address = follow(browser, answer["Location"], provider)
        assert "/person/" in address
        address = follow(browser, f"{address}/{who}", provider)
    assert address.startswith(f"{SITE}/sign-in/with/{kind}/back/?"), address
    parts = urlsplit(address)
    return client.visit(f"{parts.path}?{parts.query}", status)


def follow(browser: requests.Session, address: str, provider: Real) -> str:
    """From page to page of the provider, until it asks something or sends us back."""
    while address.startswith(provider.issuer):
        answer = browser.get(address, allow_redirects=False, timeout=10)
        if answer.status_code == 200:
            return address
        assert answer.is_redirect, f"{answer.status_code}: {answer.text[:300]}"
        address = urljoin(address, answer.headers["Location"])
    return address


def test_holder__signs_in_through_the_real_provider(settings: Any) -> None:
    amina = people.amina()
    with real.running("citizen", SITE, {"amina": described(amina)}) as provider:
        settings.PROVIDERS = {"citizen": provider.settings("citizen")}
        assert signs_in(PageClient(), provider, "citizen", "amina").address == "/home/"


def test_professional__signs_in_through_the_real_provider(settings: Any) -> None:
    doctor = people.dr_nguyen()
    with real.running("professional", SITE, {"linh": practising(doctor)}) as provider:
        settings.PROVIDERS = {"professional": provider.settings("professional")}
        assert signs_in(PageClient(), provider, "professional", "linh").address == "/pro/"


@pytest.mark.parametrize("given", ["eidas1", "x"])
def test_holder__of_a_lower_level_is_refused(settings: Any, given: str) -> None:
    amina = people.amina()
    with real.running("citizen", SITE, {"amina": described(amina) | {"acr_given": given}}) as provider:
        settings.PROVIDERS = {"citizen": provider.settings("citizen")}
        client = PageClient()
        signs_in(client, provider, "citizen", "amina", 422)
        assert client.client.get("/home/").status_code == 302


def test_holder__with_a_wrong_secret_of_ours_is_told_plainly(settings: Any) -> None:
    with real.running("citizen", SITE, {"amina": described(people.amina())}) as provider:
        settings.PROVIDERS = {"citizen": provider.settings("citizen", client_secret="another")}
        signs_in(PageClient(), provider, "citizen", "amina", 422)


def test_holder__who_is_unknown_here_is_told_the_way(settings: Any) -> None:
    stranger = described(people.amina()) | {"ins": {"matricule": "1", "oid": "1.2"}}
    with real.running("citizen", SITE, {"someone": stranger}) as provider:
        settings.PROVIDERS = {"citizen": provider.settings("citizen")}
        signs_in(PageClient(), provider, "citizen", "someone", 422)
