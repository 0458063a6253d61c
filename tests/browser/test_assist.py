"""A desk in a real browser: a person is found, agrees, opens the record, takes paper home; cut from a phone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from healthspace.web.beside import KEY
from healthspace.web.sessions import SessionStore
from tests import desks, people
from tests.browser.conftest import WIDE
from tests.browser.test_family import faults, shoot
from tests.page_client import begin_session
from tests.rooms import letters

PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 720}
NEW = "quatre mots simples ici"
WORDS = {
    "fr": {
        "emergency": "Dire qui peut ouvrir",
        "save": "Enregistrer les choix",
        "over": "La séance d’aide est terminée",
    },
    "en": {"emergency": "Say who may open", "save": "Save the choices", "over": "The session of help is over"},
}


def enter(window: Any, site: str, person: Any) -> str:
    """A window in which this person is signed in; the key of their session."""
    client = Client()
    begin_session(client, person)
    key: str = client.cookies["session"].value
    window.page.context.add_cookies([{"name": "session", "value": key, "url": site}])
    return key


@pytest.mark.parametrize("size", [SMALL, PHONE, WIDE], ids=["320", "phone", "wide"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_desk__opens_a_record_together_without_script(
    open_window: Any, site: str, language: str, size: dict[str, int]
) -> None:
    fatou, amina = desks.fatou(), letters.told()
    opened = open_window(language, viewport=size, script=size is not SMALL)
    enter(opened, site, fatou)
    window = opened.page
    has_axe = size is not SMALL
    name = f"assist-{language}-{size['width']}"

    def look(which: str) -> None:
        shoot(window, f"{name}-{which}")
        if has_axe:
            assert not faults(window), which

    window.goto(f"{site}/assist/")
    look("1-home")
    for field, value in (("matricule", amina.ins.matricule), ("code", amina.code)):
        window.fill(f"[name={field}]", value)
    for field, value in (("day", amina.born_on.day), ("month", amina.born_on.month), ("year", amina.born_on.year)):
        window.fill(f"[name={field}]", str(value))
    window.keyboard.press("Enter")
    window.wait_for_url("**/assist/scope/")
    assert not window.locator("[name=scope][value=documents]").is_checked()
    look("2-scope")
    for word in ("activate", "emergency", "summary"):
        window.check(f"[name=scope][value={word}]")
    window.check("[name=identity_paper][value=passport]")
    window.check("[name=how][value=letter]")
    window.click("main form button.btn")
    window.wait_for_url("**/assist/session/")
    look("3-session")
    window.click("a[href$='/session/open/']")
    window.fill("[name=login]", f"amina.{amina.code.lower()}")
    window.fill("[name=password]", NEW)
    window.fill("[name=again]", NEW)
    look("4-open")
    window.click("main form.q-form button.btn")
    window.wait_for_url("**/assist/session/")
    window.click(f"text={WORDS[language]['emergency']}")
    look("5-emergency")
    window.uncheck("[name=break_glass]")
    window.click(f"text={WORDS[language]['save']}")
    window.wait_for_url("**/assist/session/")
    look("6-session")
    window.click("main form[action$='/end/'] button")
    window.wait_for_url("**/assist/ended/")
    look("7-ended")
    assert "Amina" not in window.content()
    window.go_back()
    window.wait_for_load_state()
    assert "Amina" not in window.content()  # nothing is kept: the page is asked again, and tells nothing


def test_desk__is_cut_from_the_phone_of_the_person(open_window: Any, site: str) -> None:
    amina, fatou = people.amina(), desks.fatou()
    actor = fatou.helps(amina, ["documents", "emergency"])
    at_desk, at_home = open_window("fr", viewport=WIDE), open_window("fr", viewport=PHONE)
    store = SessionStore(enter(at_desk, site, fatou))
    store.update(store.load() | {KEY: f"{amina.person_id}|{actor.session_id}"})
    store.save()
    enter(at_home, site, amina)
    desk, phone = at_desk.page, at_home.page
    desk.goto(f"{site}/assist/session/documents/")
    assert "Amina Benali" in desk.content()
    phone.goto(f"{site}/access/desks/")
    shoot(phone, "assist-own-desks")
    assert not faults(phone)
    phone.click("main form[action$='/end/'] button")
    phone.wait_for_url("**/access/desks/")
    desk.reload()
    assert desk.url.endswith("/assist/over/")
    assert WORDS["fr"]["over"] in desk.content() and "Amina" not in desk.content()
