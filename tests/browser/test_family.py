"""Into a child's record and back, in a real browser: words, colour, narrow and wide, both languages, axe."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from healthspace.documents import actions as documents
from tests import people
from tests.browser import pages
from tests.browser.conftest import WIDE
from tests.browser.test_accessibility import AXE, OPEN_ALL, RULES
from tests.factories import orders

SMALL = {"width": 320, "height": 720}
WORDS = {
    "fr": ("Enfants et personnes que j’aide", "Ouvrir ce dossier", "Revenir à mon dossier", "Dossier de"),
    "en": ("Children and people I help", "Open this record", "Back to my own record", "Record of"),
}


def shoot(page: Any, name: str) -> None:
    """A picture to look at, where a folder is named."""
    folder = os.environ.get("HEALTHSPACE_SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def faults(page: Any) -> list[str]:
    """What axe and the ruler say of the page as it is."""
    page.evaluate(AXE)
    page.evaluate(OPEN_ALL)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    said = [f"{fault['id']} {[node['target'] for node in fault['nodes']][:3]}" for fault in found["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*said, *([f"{wide} px too wide"] if wide > 0 else [])]


@pytest.fixture(scope="module")
def parents() -> tuple[people.Holder, people.Holder]:
    """Jeanne, and Léo with a document."""
    jeanne, leo = people.jeanne(), people.leo()
    jeanne.representing(leo)
    jeanne.representing(people.holder("MOREL", ("ZOÉ",), people.around(2020), "F", people.place_in("38")))
    documents.deposit(actor=people.rivemont().actor, order=orders.order(leo, title="Vaccin de Léo"))
    return jeanne, leo


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["320", "wide"])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_switch__into_the_record_of_a_child_and_back(
    open_window: Any, parents: tuple[people.Holder, people.Holder], language: str, size: dict[str, int], script: bool
) -> None:
    jeanne, leo = parents
    people_i, open_it, back, record_of = WORDS[language]
    window = open_window(language, viewport=size, script=script)
    window.sign_in(jeanne)
    page = window.page
    page.locator("header summary").click()
    page.get_by_role("link", name=people_i).click()
    shoot(page, f"people-{language}-{size['width']}")
    page.get_by_role("button", name=f"{open_it} – {leo.identity.name}").click()
    assert record_of in page.locator("h1").inner_text()
    band = page.locator("header.band").evaluate("node => getComputedStyle(node).backgroundColor") if script else ""
    shoot(page, f"child-{language}-{size['width']}")
    assert leo.identity.name in page.locator("section.acting").inner_text()
    window.go("/documents/")
    assert "Vaccin de Léo" in page.locator("main").inner_text()
    page.get_by_role("button", name=back).click()
    assert page.locator("section.acting").count() == 0
    if script:
        own = page.locator("header.band").evaluate("node => getComputedStyle(node).backgroundColor")
        assert own != band
    assert window.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_of_a_child__axe_finds_nothing(
    open_window: Any, parents: tuple[people.Holder, people.Holder], language: str, scheme: str
) -> None:
    jeanne, leo = parents
    window = open_window(language, scheme=scheme)
    window.sign_in(jeanne)
    said: list[str] = []
    window.go("/people/").get_by_role("button", name=leo.identity.name).click()
    for address in [*pages.of_parent(), f"/people/{leo.person_id}/not-mine/"]:
        for size in (SMALL, WIDE):
            window.page.set_viewport_size(size)
            window.go(address)
            assert window.page.locator("section.acting").count() == 1, address
            said += [f"{address} {size['width']}: {fault}" for fault in faults(window.page)]
    shoot(window.page, f"renounce-{language}-{scheme}")
    assert said == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_switcher__two_taps_into_the_record_of_a_child(
    open_window: Any, parents: tuple[people.Holder, people.Holder], language: str
) -> None:
    jeanne, leo = parents
    window = open_window(language, viewport={"width": 390, "height": 844}, script=False)
    window.sign_in(jeanne)
    page = window.page
    page.locator("header summary").click()
    shoot(page, f"switcher-{language}")
    page.locator("header").get_by_role("button", name=leo.identity.name).click()
    assert WORDS[language][3] in page.locator("h1").inner_text()
    page.locator("header summary").click()
    shoot(page, f"switcher-away-{language}")
    page.locator("header").get_by_role("button", name=jeanne.identity.name).click()
    assert page.locator("section.acting").count() == 0


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_of_families__axe_finds_nothing(
    open_window: Any, parents: tuple[people.Holder, people.Holder], language: str
) -> None:
    jeanne, leo = parents
    window = open_window(language)
    window.sign_in(jeanne)
    said: list[str] = []
    here = f"/people/{leo.person_id}/"
    for number, address in enumerate(
        ("/people/", "/people/add/", f"{here}parents/", f"{here}parents/ask/", f"{here}sign-in/")
    ):
        window.go(address)
        for size in (SMALL, WIDE):
            window.page.set_viewport_size(size)
            said += [f"{address} {size['width']}: {fault}" for fault in faults(window.page)]
        window.page.set_viewport_size({"width": 390, "height": 844})
        shoot(window.page, f"family-{number}-{language}")
    assert said == []
