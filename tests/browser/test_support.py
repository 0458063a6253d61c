"""The help desk and changes of contact in a real browser: walked, clean, no wider than a small phone."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from healthspace.outbox import dispatcher
from healthspace.spaces import actions as spaces
from healthspace.support import actions as support
from tests import people
from tests.browser.conftest import NARROW, WIDE, Window
from tests.browser.test_accessibility import faults_of
from tests.browser.test_fit import SIDEWAYS, SMALLEST
from tests.doors.desk_pages import act_of, agent, typed
from tests.verify.test_attack_t12 import told_and_active

# Give a folder to look at the pages with your own eyes.
PICTURES = os.environ.get("HEALTHSPACE_PICTURES", "")


def looked_at(window: Window, address: str, name: str) -> None:
    assert faults_of(window, address) == []
    clean(window, name)


def clean(window: Window, name: str) -> None:
    window.page.wait_for_load_state("load")  # a page without its style yet is wider
    window.page.set_viewport_size(SMALLEST)
    assert window.page.evaluate(SIDEWAYS) == []
    for size in (NARROW, WIDE) if PICTURES else ():
        window.page.set_viewport_size(size)  # type: ignore[arg-type]
        window.page.screenshot(path=Path(PICTURES) / f"desk-{name}-{size['width']}.png", full_page=True)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_holder__pages_of_questions_and_of_a_waiting_change(open_window: Any, language: str) -> None:
    amina = people.amina()
    ticket_id = support.send_ticket(actor=amina.actor, person_id=amina.person_id, topic="family", text="Bonjour.")
    window = open_window(language)
    window.sign_in(amina)
    pages = {"questions": "/questions/", "new": "/questions/new/", "question": f"/questions/{ticket_id}/"}
    for name, address in pages.items():
        looked_at(window, address, f"{name}-{language}")
    looked_at(window, "/settings/contact/", f"contact-{language}")
    spaces.ask_contact_change(actor=amina.actor, person_id=amina.person_id, email="new@example.org")
    looked_at(window, "/settings/contact/", f"waits-{language}")
    looked_at(window, "/settings/", f"settings-{language}")
    dispatcher.run_for(amina.person_id)
    bodies = "".join(str(one.body) for one in mail.outbox if amina.identity.email in one.to)
    found = re.search(r"/contact/stop/[\w-]+/", bodies)
    assert found is not None
    stranger = open_window(language)
    looked_at(stranger, found[0], f"stop-{language}")
    stranger.page.locator("button.btn.d").click()
    assert "/contact/stopped/" in stranger.page.url
    clean(stranger, f"stopped-{language}")
    assert window.complaints == [] and stranger.complaints == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_desk__a_question_is_answered_and_a_death_takes_two(open_window: Any, language: str) -> None:
    amina, told = people.amina(), told_and_active()
    ticket_id = support.send_ticket(actor=amina.actor, person_id=amina.person_id, topic="sign_in", text="Bonjour.")
    first, second = open_window(language), open_window(language)
    first.sign_in(agent("Inès Faure"))
    second.sign_in(agent("Omar Diallo"))
    looked_at(first, "/support/questions/", f"queue-{language}")
    looked_at(first, f"/support/questions/{ticket_id}/", f"answering-{language}")
    first.page.locator("textarea[name=text]").fill("Regardez vos courriels indésirables.")
    first.page.locator("main form button.btn").click()
    assert first.page.url.endswith("/support/questions/")
    looked_at(first, "/support/", f"call-{language}")
    for field, value in typed(told).items():
        first.page.locator(f"input[name={field}]").fill(value)
    first.page.locator("main form button.btn").click()
    clean(first, f"caller-{language}")
    death = first.page.locator("details:has(button[value=death])")
    if not death.locator("input[name=paper]").is_visible():  # measuring opens what folds
        death.locator("summary").click()
    death.locator("input[name=paper]").fill("acte 12/2026")
    clean(first, f"death-{language}")
    first.page.locator("button[value=death]").click()
    looked_at(first, "/support/acts/", f"acts-{language}")
    act = f"/support/acts/{act_of(told.person_id)}/"
    looked_at(first, act, f"own-act-{language}")
    assert first.page.locator("button[value=agree]").count() == 0
    looked_at(second, act, f"act-{language}")
    second.page.locator("button[value=agree]").click()
    assert second.page.url.endswith("/support/acts/")
    clean(second, f"agreed-{language}")
    assert first.complaints == [] and second.complaints == []
