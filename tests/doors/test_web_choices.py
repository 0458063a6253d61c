"""What people choose in the pages: orders and filters of lists, contact, mails, notices; and what stays unasked."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction

from healthspace.access import actions as access
from healthspace.access import reads as law
from healthspace.documents import actions as documents
from healthspace.documents import reads
from healthspace.notifications import actions as telling
from healthspace.notifications import reads as notifications
from healthspace.outbox import dispatcher
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces
from tests import people
from tests.doors.test_web_acts import signed_in, upload
from tests.factories import orders
from tests.page_client import Page, PageClient, words

ONE_DOCUMENT = re.compile(r"/documents/[0-9a-f-]{36}/$")
LETTER: dict[str, Any] = {"type_code": "11488-4", "made_on": "2026-02-03", "visible": "now"}


def titles(page: Page) -> list[str]:
    """The documents of a list, in its order."""
    return [words(node) for node in page.all("a") if ONE_DOCUMENT.search(node.get("href") or "")]


@pytest.fixture(scope="module")
def shelf() -> tuple[people.Holder, people.Doctor]:
    """Amina with three documents of two settings, and the doctor she accepts."""
    amina, hospital, doctor = people.amina(), people.rivemont(), people.dr_nguyen()
    access.grant(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    for number, (title, setting) in enumerate((("Bilan", "HAD"), ("Avis", "AMBULATOIRE"), ("Compte rendu", "HAD"))):
        order = orders.order(
            amina, title=title, setting_code=setting, made_at=datetime(2026, 1, number + 1, tzinfo=UTC)
        )
        documents.deposit(actor=hospital.actor, order=order)
    return amina, doctor


@pytest.mark.parametrize("who", ["holder", "professional"])
def test_list__runs_in_each_order_and_by_setting(shelf: tuple[people.Holder, people.Doctor], who: str) -> None:
    amina, doctor = shelf
    client = signed_in(amina if who == "holder" else doctor)
    address = "/documents/" if who == "holder" else f"/pro/patients/{amina.person_id}/documents/"
    assert titles(client.visit(address)) == ["Compte rendu", "Avis", "Bilan"]
    assert titles(client.visit(f"{address}?sort=old")) == ["Bilan", "Avis", "Compte rendu"]
    assert titles(client.visit(f"{address}?sort=title")) == ["Avis", "Bilan", "Compte rendu"]
    for order in ("author", "type"):
        assert sorted(titles(client.visit(f"{address}?sort={order}"))) == ["Avis", "Bilan", "Compte rendu"]
    at_home = client.visit(f"{address}?setting=HAD")
    assert titles(at_home) == ["Compte rendu", "Bilan"]
    assert at_home.link("Retirer ce filtre") == "?"
    assert len(titles(client.visit(f"{address}?setting=junk&sort=junk"))) == 3


def test_contact__holder_keeps_an_address_that_is_one() -> None:
    paul = people.paul()
    client = signed_in(paul)
    assert "une seule adresse" in client.send("/settings/contact/", 422, email="a@b.org, c@d.org").said
    assert "un seul numéro" in client.send("/settings/contact/", 422, phone="call me").said
    page = client.send("/settings/contact/", email="paul@example.org", phone="06 12 34 56 78")
    assert page.address == "/settings/contact/"
    assert "paul@example.org" in page.said and "06 12 34 56 78" in page.said
    kept = law.identity(actor=paul.actor, person_id=paul.person_id)
    assert kept.email == paul.identity.email  # for three days (tests/doors/test_web_support.py)
    assert "contact_change_asked" in {line.kind for line in reads.journal(actor=paul.actor, person_id=paul.person_id)}
    client.send("/settings/contact/", 409, email="", phone="")


def test_mails__holder_chooses_and_only_what_changed_is_journalled() -> None:
    paul = people.paul()
    client = signed_in(paul)
    assert "Un professionnel a ouvert" in client.visit("/settings/mails/").said
    before = notifications.mail_choices(actor=paul.actor, person_id=paul.person_id)
    wanted = ["record_opened", "document_deposited"]
    assert client.send("/settings/mails/", kinds=wanted).address == "/settings/"
    chosen = notifications.mail_choices(actor=paul.actor, person_id=paul.person_id)
    assert sorted(code for code, is_mailed in chosen.items() if is_mailed) == sorted(wanted)
    client.send("/settings/mails/", kinds=wanted)
    lines = [line.kind for line in reads.journal(actor=paul.actor, person_id=paul.person_id)]
    changed = {code for code, is_mailed in before.items() if is_mailed != (code in wanted)}
    assert "record_opened" in changed and "document_deposited" not in changed
    assert lines.count("mail_choice_changed") == len(changed)
    client.send("/settings/mails/", 422, kinds=["junk"])


@pytest.mark.parametrize("address", ["/settings/contact/", "/settings/mails/"])
def test_settings__are_nobody_elses(address: str) -> None:
    doctor = signed_in(people.dr_nguyen())
    doctor.visit(address, 404)
    doctor.send(address, 404, email="x@example.org", kinds=["record_opened"])


def test_language__of_a_holder_is_kept_for_their_mails() -> None:
    paul, amina = people.paul(), people.amina()
    client = signed_in(paul)
    client.client.get("/help/")
    token = client.client.cookies["csrftoken"].value
    client.client.post("/language/", {"language": "en", "csrfmiddlewaretoken": token})
    assert _language(paul) == "en"
    assert _language(amina) == "fr"


def _language(holder: people.Holder) -> str:

    with transaction.atomic():
        set_context(holder.person_id)
        return spaces.state(holder.person_id).language


def test_notices__pages_lose_none_of_one_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    amina = people.amina()
    _tell(amina, 5)
    monkeypatch.setattr("healthspace.web.citizen.others.PER_PAGE", 2)
    client = signed_in(amina)
    page, seen = client.visit("/notices/"), 0
    while True:
        seen += sum(node.get("class") == "doc" for node in page.all("li"))
        if "Voir les avis plus anciens" not in page.said:
            break
        page = client.visit(page.link("Voir les avis plus anciens"))
    assert seen == len(notifications.notices(actor=amina.actor, person_id=amina.person_id))
    client.visit("/notices/?before=junk")


def _tell(holder: people.Holder, count: int) -> None:
    """That many notices, all of one instant."""

    with time_machine.travel("2026-03-04T05:06:07+00:00", tick=False), transaction.atomic():
        set_context(holder.person_id)
        for _number in range(count):
            telling.tell(person_id=holder.person_id, fact_id=uuid4(), kind="record_opened")


def test_length__that_is_no_number_is_a_bad_request() -> None:
    client = signed_in(people.paul())
    for length in ("ten", "-1", "1.5", "²"):
        answer = client.client.get("/help/", CONTENT_LENGTH=length)
        assert answer.status_code == 400, length
    for length in ("9" * 12, "9" * 5000):
        assert client.client.get("/help/", CONTENT_LENGTH=length).status_code == 413


def test_replace__asks_nothing_about_a_secret_that_stays() -> None:
    leo, doctor = people.leo(), people.dr_nguyen()
    access.grant(actor=leo.actor, person_id=leo.person_id, professional_id=doctor.id)
    client = signed_in(doctor)
    record = f"/pro/patients/{leo.person_id}/"
    client.send(f"{record}deposit/", content=upload(), title="Secret", parents="secret", **LETTER)
    address = client.visit(f"{record}documents/").link("Secret")
    page = client.visit(f"{address}replace/")
    assert "reste secrète" in page.said
    assert "Les représentants légaux le voient-ils" not in page.said
    newer = client.send(f"{address}replace/", content=upload(), **{**LETTER, "title": "Suite"})
    assert newer.h1 == "Suite"
    assert "secret du mineur" in newer.said


def test_replace__of_a_masked_document_cannot_wait_for_the_announcement() -> None:
    amina, doctor = people.amina(), people.dr_nguyen()
    access.grant(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    client = signed_in(doctor)
    record = f"/pro/patients/{amina.person_id}/"
    client.send(f"{record}deposit/", content=upload(), title="Lettre", is_masked="on", **LETTER)
    address = client.visit(f"{record}documents/").link("Lettre")
    assert "reste masquée" in client.visit(f"{address}replace/").said
    given = {**LETTER, "title": "Suite", "visible": "later", "parents": "see"}
    assert "ne vont pas ensemble" in client.send(f"{address}replace/", 422, content=upload(), **given).said


def test_author_notice__its_author_marks_it_read_and_no_other_can() -> None:
    amina, doctor, stranger = people.amina(), people.dr_nguyen(), people.dr_nguyen()
    access.grant(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    author = signed_in(doctor)
    author.send(f"/pro/patients/{amina.person_id}/deposit/", content=upload(), title="Consultation", **LETTER)
    holder = signed_in(amina)
    document = holder.visit("/documents/").link("Consultation")
    holder.send(f"{document}not-mine/", page=f"{document}not-mine/")
    dispatcher.run_for(amina.person_id)
    (notice,) = notifications.author_notices(actor=doctor.actor)
    address = f"/pro/notices/{notice.id}/read/"
    assert "Marquer comme lu" in author.visit("/pro/").said
    signed_in(stranger).send(address, 404)
    holder.send(address, 404)
    assert not notifications.author_notices(actor=doctor.actor)[0].is_read
    page = author.send(address)
    assert page.address == "/pro/"
    assert "Marquer comme lu" not in page.said
    assert notifications.author_notices(actor=doctor.actor)[0].is_read


def test_help__has_a_way_to_somebody_without_a_number_and_keeps_the_holder_s_frame() -> None:
    visitor = PageClient().visit("/help/")
    assert visitor.link("Trouver un guichet").endswith("#desk")
    assert visitor.link("Je ne peux plus me connecter") == "/sign-in/lost/"
    client, amina = PageClient(), people.amina()
    client.sign_in(amina)
    page = client.visit("/help/")
    assert page.link("Écrire à l’assistance") == "/questions/new/"
    assert amina.identity.name in page.said and 'href="/documents/"' in page.text
    settings = client.visit("/settings/")
    assert "appelez-nous" not in settings.said
    assert settings.link("Écrire à l’assistance") == "/questions/new/"
    assert client.visit("/nothing/here/", 404).link("Écrire à l’assistance") == "/questions/new/"
