"""Closing and reopening in a real browser: without script, in both languages, in every look."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from healthspace.common.actor import SYSTEM
from healthspace.spaces import actions as spaces
from tests import people
from tests.browser.conftest import NARROW, WIDE, Window
from tests.browser.test_accessibility import faults_of
from tests.browser.test_fit import SIDEWAYS, SMALLEST
from tests.roles import as_the_worker

# Give a folder to look at the pages with your own eyes.
PICTURES = os.environ.get("HEALTHSPACE_PICTURES", "")


def held(how: str) -> people.Holder:
    amina = people.amina()
    own = {"actor": amina.actor, "person_id": amina.person_id}
    match how:
        case "closed":
            spaces.close(**own)  # type: ignore[arg-type]
        case "deletion":
            spaces.close(**own, wants_deletion=True)  # type: ignore[arg-type]
        case "reopening":
            spaces.close(**own)  # type: ignore[arg-type]
            spaces.ask_reopening(**own)  # type: ignore[arg-type]
        case "suspended":
            spaces.suspend(actor=SYSTEM, person_id=amina.person_id)
    return amina


def picture(window: Window, name: str) -> None:
    if not PICTURES:
        return
    for size in (NARROW, WIDE):
        window.page.set_viewport_size(size)  # type: ignore[arg-type]
        for scheme in ("light", "dark"):
            window.page.emulate_media(color_scheme=scheme)
            window.page.screenshot(path=Path(PICTURES) / f"{name}-{size['width']}-{scheme}.png", full_page=True)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("how", ["open", "closed", "deletion", "reopening", "suspended"])
def test_closed__every_state_is_clean_and_fits(open_window: Any, how: str, language: str) -> None:
    window = open_window(language)
    window.sign_in(held(how))
    addresses = {"open": ["/settings/close/"], "closed": ["/closed/", "/closed/delete/"]}.get(how, ["/closed/"])
    for address in addresses:
        assert faults_of(window, address) == []
        window.page.set_viewport_size(SMALLEST)
        assert window.page.evaluate(SIDEWAYS) == []
        picture(window, f"{how}{address.replace('/', '_')}{language}")
    assert window.complaints == []


def test_close_and_reopen__without_script(open_window: Any) -> None:
    amina = people.amina()
    window = open_window("en", viewport=NARROW, script=False)
    window.sign_in(amina)
    window.go("/settings/").get_by_role("link", name="See what happens, then decide").click()
    window.page.get_by_role("button", name="Close my health space").click()
    assert window.page.get_by_role("alert").is_visible()
    window.page.get_by_label("Your password").fill(amina.password)
    window.page.get_by_role("button", name="Close my health space").click()
    assert window.page.locator("h1").inner_text() == "Your health space is closed"
    window.page.get_by_role("button", name="Open my health space again").click()
    with as_the_worker():
        spaces.reopen(person_id=amina.person_id)
    window.go("/home/")
    assert window.page.url.endswith("/home/")
