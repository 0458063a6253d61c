"""axe finds nothing: each page in both languages, light and dark, phone and wide, with all that folds open."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

from tests.browser import pages
from tests.browser.conftest import NARROW, WIDE, Family, Window

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
# What sits under the bar at the foot of a phone is reached by scrolling; axe looks at one picture only.
LOOKS = [(scheme, size) for scheme in ("light", "dark") for size in (NARROW, WIDE)]


def faults_of(window: Window, address: str) -> list[str]:
    """What axe says of one page in every look."""
    window.go(address)
    said: list[str] = []
    window.page.evaluate(AXE)
    window.page.evaluate(OPEN_ALL)
    for scheme, size in LOOKS:
        window.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        window.page.set_viewport_size(size)  # type: ignore[arg-type]
        found: Any = window.page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
        )
        for fault in found["violations"]:
            where = [node["target"] for node in fault["nodes"]][:3]
            said.append(f"{address} {scheme} {size['width']}: {fault['id']} {where}")
    return said


@pytest.mark.parametrize("language", ["fr", "en"])
def test_public_pages__axe_finds_nothing(open_window: Any, language: str) -> None:
    window = open_window(language)
    assert [fault for address in pages.PUBLIC for fault in faults_of(window, address)] == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_holders_pages__axe_finds_nothing(open_window: Any, family: Family, language: str) -> None:
    window = open_window(language)
    window.sign_in(family.amina)
    assert [fault for address in pages.of_holder(family) for fault in faults_of(window, address)] == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_professionals_pages__axe_finds_nothing(open_window: Any, family: Family, language: str) -> None:
    window = open_window(language)
    window.sign_in(family.doctor)
    assert [fault for address in pages.of_professional(family) for fault in faults_of(window, address)] == []


def test_form_with_faults__axe_finds_nothing(open_window: Any, family: Family) -> None:
    window = open_window()
    window.sign_in(family.amina)
    window.go("/documents/add/").locator("main form button").last.click()
    window.page.wait_for_selector("[role=alert]")
    window.page.evaluate(AXE)
    found = window.page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert found["violations"] == []
    assert window.page.title().startswith("Erreur")
