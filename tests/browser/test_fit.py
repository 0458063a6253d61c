"""Pages fit: 320 px and 200 % text without sideways scroll, light enough, nothing from elsewhere, policy kept."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Response

from tests.browser.conftest import NARROW, Family
from tests.browser.visits import EVERYBODY, visit

SMALLEST = {"width": 320, "height": 640}
SIDEWAYS = """() => {
  document.querySelectorAll('details').forEach(d => d.open = true);
  const wide = document.documentElement.clientWidth;
  const inside = node => node.closest('.scroll, .paper');
  const over = [...document.querySelectorAll('body *')].filter(n => n.getBoundingClientRect().right > wide + 1
    && !inside(n) && getComputedStyle(n).position !== 'absolute');
  return document.documentElement.scrollWidth > wide + 1 ? over.slice(0, 3).map(n => n.outerHTML.slice(0, 120)) : [];
}"""


@pytest.mark.parametrize("who", EVERYBODY)
def test_each_page__fits_320_px_and_double_text(open_window: Any, family: Family, who: str) -> None:
    window = open_window("fr", viewport=SMALLEST)
    addresses = visit(window, family, who)
    too_wide = {}
    for address in addresses:
        window.page.set_viewport_size(SMALLEST)
        window.go(address)
        found = window.page.evaluate(SIDEWAYS)
        window.page.set_viewport_size(NARROW)
        window.page.evaluate("document.documentElement.style.fontSize = '200%'")
        found += window.page.evaluate(SIDEWAYS)
        if found:
            too_wide[address] = found
    assert too_wide == {}


@pytest.mark.parametrize("who", EVERYBODY)
def test_each_page__is_light_and_calls_nobody(open_window: Any, family: Family, who: str) -> None:
    budget = 90_000 if who == "professional" else 60_000
    signed_in = open_window("fr")
    addresses = visit(signed_in, family, who)
    heavy = {}
    for address in addresses:
        weight = Weight()
        window = signed_in
        session = window.page.context.new_cdp_session(window.page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.loadingFinished", weight.add)
        session.on("Network.responseReceived", weight.note)
        window.go(address)
        session.detach()
        if weight.total > budget:
            heavy[address] = weight.total
    assert heavy == {}
    assert [told for told in signed_in.complaints if "404" not in told] == []


class Weight:
    """Bytes over the wire, as the browser counts them; pictures of documents are the documents' own.

    Each address counts once: with the cache off for the measure, a busy browser fetches a preloaded font twice.
    """

    def __init__(self) -> None:
        self.addresses: dict[str, str] = {}
        self.bytes: dict[str, int] = {}

    @property
    def total(self) -> int:
        """All that the page needs."""
        return sum(self.bytes.values())

    def note(self, event: dict[str, Any]) -> None:
        """Remember which answer is which address, but for the contents of documents."""
        address = event["response"]["url"]
        if not address.rstrip("/").endswith(("/copy", "/preview")) and "/media/" not in address:
            self.addresses[event["requestId"]] = address

    def add(self, event: dict[str, Any]) -> None:
        """Count one answer."""
        address = self.addresses.get(event["requestId"])
        if address is not None:
            self.bytes[address] = int(event["encodedDataLength"])


def test_static_files__are_kept_for_a_year_and_packed(open_window: Any) -> None:
    window = open_window()
    answers: list[Response] = []
    window.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 playwright marks its handlers
    window.go("/")
    static = [answer for answer in answers if "/static/" in answer.url]
    assert {answer.url.rpartition(".")[2] for answer in static} >= {"css", "woff2"}
    for answer in static:
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        if answer.url.endswith("css"):
            assert answer.headers["content-encoding"] == "gzip"


def test_photo_and_pdf__are_shown_and_no_complaint(open_window: Any, family: Family) -> None:
    window = open_window()
    window.sign_in(family.amina)
    for document_id in (family.photo, family.report):
        window.go(f"/documents/{document_id}/")
        width = window.page.locator("img.shot").evaluate("image => image.naturalWidth")
        assert width > 100
    assert window.complaints == []
