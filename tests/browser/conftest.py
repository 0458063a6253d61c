"""A real browser on the real pages: one server in this process, one Chromium, one family with something to show."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from wsgiref.simple_server import WSGIRequestHandler

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from healthspace.access import actions as access
from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.documents import actions as documents
from healthspace.documents import reads as document_reads
from healthspace.documents.adapters import inspect as files
from healthspace.documents.ports import Limits
from healthspace.documents.rules import Author
from healthspace.profile import actions as profile
from healthspace.profile import reads as profile_reads
from healthspace.profile.rules import CareLine
from tests import people
from tests.factories import orders
from tests.page_client import begin_session

# Playwright runs an event loop in this thread; the ORM here works between its turns.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NARROW = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 900}


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on the screen."""


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Address of the pages, served by threads of this process on this run's database."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"  # passkeys are bound to a name, never to a number
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's own Chromium, without a window."""
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("left out: no Chromium is installed (Debian: apt install chromium)")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=program, args=["--no-sandbox", "--force-color-profile=srgb"])
        yield browser
        browser.close()


@dataclass(frozen=True, slots=True)
class Family:
    """Who the browser visits as, and what is there to see."""

    amina: people.Holder
    leo: people.Holder
    paul: people.Holder
    doctor: people.Doctor
    stranger: people.Doctor
    hospital: people.Hospital
    report: UUID
    structured: UUID
    photo: UUID
    own: UUID
    masked: UUID


@pytest.fixture(scope="session")
def family() -> Family:
    """A record with reports, a structured document, a photo, an own paper, and somebody who opened it."""
    amina, hospital, paul = people.amina(), people.rivemont(), people.paul()
    doctor, stranger, leo = people.dr_nguyen(), people.dr_nguyen(), people.leo()
    access.grant(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    access.grant(actor=leo.actor, person_id=leo.person_id, professional_id=doctor.id)
    filed = _file_many(amina, hospital)
    for holder in (amina, leo):
        documents.deposit(actor=hospital.actor, order=orders.order(holder, title="Lettre de sortie du service"))
    _care(amina)
    _look_around(doctor, amina, filed["report"])
    return Family(amina, leo, paul, doctor, stranger, hospital, **filed)


def _file_many(amina: people.Holder, hospital: people.Hospital) -> dict[str, UUID]:
    titles = [
        ("11490-0", "Lettre de sortie, service de cardiologie"),
        ("11502-2", "Résultats d’analyses du matin"),
        ("57833-6", "Ordonnance : deux médicaments"),
        ("18748-4", "Radio de l’épaule droite"),
        ("11488-4", "Consultation de rhumatologie, un titre assez long pour passer sur deux lignes au moins"),
    ]
    now = clock.now()
    ids: list[UUID] = []
    for number in range(26):
        type_code, title = titles[number % len(titles)]
        when = now - timedelta(days=3 + 17 * number)
        order = orders.order(amina, type_code=type_code, title=title, made_at=when, content=orders.pdf(title))
        ids.append(documents.deposit(actor=hospital.actor, order=order).document_id)
    own = documents.deposit(actor=amina.actor, order=orders.own_order(amina, title="Carnet de santé, page 12"))
    documents.mask(actor=amina.actor, person_id=amina.person_id, document_id=ids[2])
    return {
        "report": ids[0],
        "masked": ids[2],
        "own": own.document_id,
        "photo": _photo(amina, hospital),
        "structured": _structured(amina, hospital) or ids[1],
    }


def _photo(amina: people.Holder, hospital: people.Hospital) -> UUID:
    from io import BytesIO

    from PIL import Image, ImageDraw

    picture, out = Image.new("RGB", (900, 1200), "#f4f1e8"), BytesIO()
    pen = ImageDraw.Draw(picture)
    for line in range(14):
        pen.rectangle((90, 120 + 70 * line, 810 - 35 * (line % 4), 140 + 70 * line), fill="#6b6a66")
    picture.save(out, "JPEG")
    order = orders.own_order(amina, title="Photo d’une ordonnance", media_type="image/jpeg", content=out.getvalue())
    return documents.deposit(actor=amina.actor, order=order).document_id


def _structured(amina: people.Holder, hospital: people.Hospital) -> UUID | None:
    """A real structured report, where the real input is."""
    folder = Path(os.environ.get("HEALTHSPACE_SHARED") or Path(__file__).parents[3] / "shared") / "data" / "cda-fr"
    first = None
    for name in ("BIO-CR-BIO_2024.01_TSH_1.xml", "VSM_1.4_2022.01.xml", "eP-MED-DM_2024.01_PosoStruct.xml"):
        if not (folder / name).exists():
            continue
        content = (folder / name).read_bytes()
        found = files.inspect(content, "text/xml", limits=Limits())
        assert found.cda is not None
        order = orders.order(
            amina,
            identity=None,
            person_id=amina.person_id,
            type_code=found.cda.type.code,
            title=found.cda.title,
            media_type="text/xml",
            content=content,
            made_at=datetime(2026, 10, 12, 9, tzinfo=UTC),
            authors=(Author(name="Dr Jeanne Test", institution="Laboratoire de Rivemont"),),
        )
        receipt = documents.deposit(actor=hospital.actor, order=order)
        first = first or receipt.document_id
    return first


def _care(amina: people.Holder) -> None:
    """Reimbursed care of every kind, one label long enough for two lines."""
    today, codes = clock.today(), list(profile_reads.categories())
    lines = [
        CareLine(today - timedelta(days=9 * n), codes[n % len(codes)], "Soin de ville " * (1 + n % 5), provider="Roux")
        for n in range(60)
    ]
    profile.keep_care_history(actor=SYSTEM, person_id=amina.person_id, lines=lines)


def _look_around(doctor: people.Doctor, amina: people.Holder, document_id: UUID) -> None:
    query = document_reads.ListQuery(limit=5)
    document_reads.list_documents(actor=doctor.actor, person_id=amina.person_id, query=query)
    document_reads.open_document(actor=doctor.actor, person_id=amina.person_id, document_id=document_id)


@dataclass(slots=True)
class Window:
    """A browser window of one person, with everything it complained of."""

    page: Page
    site: str
    complaints: list[str]

    def go(self, address: str) -> Page:
        """Open an address of ours."""
        self.page.goto(f"{self.site}{address}", wait_until="load")
        return self.page

    def sign_in(self, person: Any, more: dict[str, Any] | None = None) -> None:
        """A session as `open_session` makes it, with what pages put into it; `sign_in_by_hand` walks the pages."""
        visitor = Client()
        begin_session(visitor, person)
        if more:
            store = visitor.session
            store.update(more)
            store.save()
        key = visitor.cookies["session"].value
        self.page.context.add_cookies([{"name": "session", "value": key, "url": self.site, "httpOnly": True}])
        self.go("/")

    def sign_in_by_hand(self, person: Any) -> None:
        """Identifier and password, as people write them; leads to the second step."""
        self.go("/sign-in/")
        self.page.locator("#id_login").fill(person.login)
        self.page.locator("#id_password").fill(person.password)
        self.page.get_by_role("button", name=re.compile("^(Continuer|Continue)$")).click()
        self.page.wait_for_load_state("load")


@pytest.fixture
def open_window(site: str, chromium: Browser) -> Iterator[Any]:
    """Windows on demand: language, colours, size, with or without script; closed after the test."""
    opened: list[BrowserContext] = []

    def opener(
        language: str = "fr", scheme: str = "light", viewport: dict[str, int] | None = None, script: bool = True
    ) -> Window:
        context = chromium.new_context(
            locale="fr-FR" if language == "fr" else "en-GB",
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport=viewport or WIDE,  # type: ignore[arg-type]
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        opened.append(context)
        page = context.new_page()
        window = Window(page, site, [])
        page.on("console", lambda told: window.complaints.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda fault: window.complaints.append(str(fault)))
        page.on(
            "request",
            lambda asked: (
                window.complaints.append(f"foreign request: {asked.url}")
                if not asked.url.startswith((site, "data:"))
                else None
            ),
        )
        return window

    with override_settings(SITE_URL=site):  # for this test alone: others run in this process, too
        yield opener
        for context in opened:
            context.close()
