"""The operator's pages and the phone desk in a real browser: axe finds nothing, and they fit on a phone."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from healthspace.common import clock, ids
from healthspace.enrolment import models
from healthspace.people import actions as accounts
from tests import people
from tests.browser.conftest import NARROW
from tests.browser.test_accessibility import faults_of
from tests.browser.test_fit import SIDEWAYS, SMALLEST
from tests.factories import enrollees

STATES = {"informed": 400, "opposed": 30, "open_inactive": 900, "active": 300, "closed": 12, "closed_deceased": 3}


@dataclass(frozen=True, slots=True)
class Desk:
    login: str
    password: str


def desk(kind: str) -> Desk:
    made = Desk(f"agent-{secrets.token_hex(6)}", people.PASSWORD)
    accounts.create_account(login=made.login, password=made.password, kind=kind)
    return made


@pytest.fixture(scope="module")
def wave() -> int:
    """A wave that runs, with a batch, and forty days of counts."""
    now = clock.now()
    made = models.Wave.objects.create(
        name=f"Pilote {secrets.token_hex(3)}", departments=["31"], starts_on=now.date(), state="running", made_at=now
    )
    models.Batch.objects.create(
        wave_id=made.id, channel="post", state="sent", letters=900, persons=1645, sealed_secret=b"x", text_version="1",
        made_at=now, sent_up_to=900, sent_at=now, deadline_at=now + timedelta(days=42), returned=12,
    )  # fmt: skip
    for day in range(40, -1, -1):
        models.Count.objects.bulk_create(
            models.Count(
                as_of=now - timedelta(days=day), wave_id=made.id, department=department, ages=ages, channel="post",
                state=state, information="sent", persons=persons * (41 - day) // share, empty_shells=0,
            )
            for state, persons in STATES.items()
            for department, ages, share in (("31", "30-44", 1), ("44", "75+", 40), ("2A", "0-17", 900))
        )  # fmt: skip
    for subject, key, number in (("codes", "locked", 7), ("refusals", "web", 1200), ("cases", "unreachable", 41)):
        models.Tally.objects.create(as_of=now, subject=subject, key=key, number=number)
    models.CaseLine.objects.bulk_create(
        models.CaseLine(as_of=now, case_id=ids.new_id(), kind=kind, opened_at=now - timedelta(days=day))
        for kind, some in (("unreachable", 20), ("late_refusal", 1), ("merge", 2))
        for day in range(some)
    )
    return made.id


def pages(wave: int) -> list[str]:
    kinds = ("department", "ages", "channel", "wave")
    return [
        "/operator/",
        "/operator/cases/",
        "/operator/waves/",
        f"/operator/waves/{wave}/",
        *(f"/operator/numbers/{by}/" for by in kinds),
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_operators_pages__axe_finds_nothing(open_window: Any, wave: int, language: str) -> None:
    window = open_window(language)
    window.sign_in(desk("operator"))
    assert [fault for address in pages(wave) for fault in faults_of(window, address)] == []


def test_operators_pages__fit_320_px_and_double_text(open_window: Any, wave: int) -> None:
    window = open_window("fr", viewport=SMALLEST)
    window.sign_in(desk("operator"))
    too_wide = {}
    for address in pages(wave):
        window.page.set_viewport_size(SMALLEST)
        window.go(address)
        found = window.page.evaluate(SIDEWAYS)
        window.page.set_viewport_size(NARROW)
        window.page.evaluate("document.documentElement.style.fontSize = '200%'")
        if found := found + window.page.evaluate(SIDEWAYS):
            too_wide[address] = found
    assert too_wide == {}


def test_phone_desk__agent_notes_a_refusal_and_axe_finds_nothing(open_window: Any) -> None:
    amina = enrollees.adult(first_name="AMINA", state="informed")
    window = open_window("fr")
    window.sign_in(desk("support"))
    assert faults_of(window, "/support/") == []
    page = window.page
    born = amina.born_on
    for name, value in (
        ("matricule", amina.matricule), ("day", born.day), ("month", born.month), ("year", born.year),
        ("serial", amina.card_serial[-11:]),
    ):  # fmt: skip
        page.fill(f"[name={name}]", str(value))
    page.click("main form.q-form button")
    page.get_by_role("button", name="Noter que Amina Martin s’oppose").click()
    page.get_by_role("heading", name="L’opposition est notée").wait_for()
    assert enrollees.space(amina.person_id).state == "opposed"
