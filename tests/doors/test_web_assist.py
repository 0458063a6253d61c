"""A helper's desk through its pages: who, what, how they agree, together, the end; and nothing left behind."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from healthspace.access import actions as access
from healthspace.access import reads
from healthspace.common import clock
from healthspace.documents import reads as document_reads
from healthspace.people import reads as people_reads
from healthspace.web.beside import ENDED, FOUND, KEY
from healthspace.web.sessions import SessionStore
from tests import desks, people
from tests.desks import Helper
from tests.factories.orders import pdf
from tests.page_client import Page, PageClient
from tests.rooms import letters
from tests.rooms.letters import Told

NEW = "quatre mots simples ici"


def at_desk(helper: Helper, language: str = "fr") -> PageClient:
    client = PageClient(language)
    client.sign_in(helper)
    return client


def typed(person: Told, **given: str) -> dict[str, str]:
    born = person.born_on
    return {
        "matricule": person.ins.matricule, "day": str(born.day), "month": str(born.month), "year": str(born.year),
    } | given  # fmt: skip


def found(client: PageClient, person: Told, *, by_card: bool = False) -> Page:
    proof = {"serial": person.serial} if by_card else {"code": person.code}
    page = client.send("/assist/", page="/assist/", **typed(person, **proof))
    assert page.address == "/assist/scope/", page.said[:500]
    return page


def begun(client: PageClient, person: Told, *scope: str) -> Page:
    found(client, person)
    page = client.send("/assist/scope/", page="/assist/scope/", scope=scope, how="letter", identity_paper="passport")
    assert page.address == "/assist/session/", page.said[:500]
    return page


def held(client: PageClient) -> dict[str, Any]:
    return SessionStore(client.client.cookies["session"].value).load()


def words_of(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def picture_of(content: bytes) -> bytes:
    """What a scanner makes of the last page."""
    stream = io.BytesIO()
    with pypdfium2.PdfDocument(content) as document:
        document[len(document) - 1].render(scale=200 / 72, grayscale=True).to_pil().save(stream, "PNG")
    return stream.getvalue()


def post(client: PageClient, address: str, **fields: str) -> Any:
    client.client.get("/help/")
    token = client.client.cookies["csrftoken"].value
    return client.client.post(address, {"csrfmiddlewaretoken": token, **fields})


def test_desk__opens_a_record_with_the_letter_and_leaves_nothing_behind() -> None:
    fatou, amina = desks.fatou(), letters.told()
    client = at_desk(fatou)
    assert client.visit("/").address == "/assist/"
    page = begun(client, amina, "activate", "emergency", "summary", "file")
    assert "Fatou Diallo, France Services de Rivemont" in page.said and "Amina Benali" in page.said
    login = f"amina.{amina.code.lower()}"
    account = {"login": login, "password": NEW, "again": NEW}
    page = client.send("/assist/session/open/", page="/assist/session/open/", **account)
    assert page.address == "/assist/session/"
    client.send("/assist/session/emergency/", page="/assist/session/emergency/", samu="1")
    paper = {"content": SimpleUploadedFile("a.pdf", pdf("bonjour"), "application/pdf"), "type_code": "DOCPAT05"}
    page = client.send("/assist/session/file/", page="/assist/session/file/", title="Ordonnance",
                       made_on=clock.today().isoformat(), **paper)  # fmt: skip
    assert page.address == "/assist/session/", page.said[:800]
    summary = post(client, "/assist/session/summary/")
    assert summary["Content-Type"] == "application/pdf" and "Amina Benali" in words_of(summary.content)
    page = client.send("/assist/end/", page="/assist/session/")
    assert page.address == "/assist/ended/"
    assert "Amina" not in page.said and KEY not in held(client)
    sheet = post(client, "/assist/ended/sheet/")
    said = words_of(sheet.content)
    for part in ("Fatou Diallo (France Services de Rivemont)", "urgence", "document"):
        assert part in said
    assert not {KEY, ENDED, FOUND} & set(held(client))
    assert post(client, "/assist/ended/sheet/").status_code == 302
    assert client.visit("/assist/session/").address == "/assist/"
    card = people_reads.account_by_login(login)
    assert card is not None and card.person_id == amina.person_id
    own = people_reads.actor_of(card)
    told = document_reads.journal(actor=own, person_id=amina.person_id)
    by_helper = {line.kind for line in told if line.actor_name == "Fatou Diallo"}
    assert by_helper >= {
        "identity_searched", "assistance_started", "space_activated", "emergency_choice_changed",
        "document_deposited", "summary_printed", "assistance_ended",
    }  # fmt: skip
    assert {line.institution_name for line in told if line.actor_name == "Fatou Diallo"} == {
        "France Services de Rivemont"
    }


def test_next_person__gets_a_fresh_key_and_sees_nothing_of_the_one_before() -> None:
    client, one, two = at_desk(desks.fatou()), letters.told(), letters.told("GIRARD", "PAULINE")
    begun(client, one, "emergency", "activate")
    first = client.client.cookies["session"].value
    client.send("/assist/end/", page="/assist/session/")
    page = begun(client, two, "emergency", "activate")
    second = client.client.cookies["session"].value
    assert first != second and SessionStore(first).load() == {}
    assert "Amina" not in page.text and one.ins.matricule not in page.text
    assert str(one.person_id) not in str(held(client))


@pytest.mark.parametrize("address", ["/assist/", "/assist/scope/", "/assist/session/", "/assist/session/forms/"])
def test_pages__are_kept_nowhere_and_give_back_no_secret(address: str) -> None:
    client, amina = at_desk(desks.fatou()), letters.told()
    if "session" in address:
        begun(client, amina, "emergency", "activate")
    page = client.visit(address)
    assert page.headers["Cache-Control"] == "no-store"
    for form in page.all("form"):
        for field in form.iter("input"):
            kind = field.get("type")
            assert kind in {"hidden", "submit", "checkbox", "radio", "file"} or field.get("autocomplete") == "off"
    wrong = client.send("/assist/", 422, page="/assist/", **typed(amina, code="K7QF92HM3XTR"))
    assert "K7QF" not in wrong.text


def test_digits__sent_to_the_person_alone_are_typed_by_them() -> None:
    client, amina = at_desk(desks.fatou()), letters.told()
    found(client, amina, by_card=True)
    page = client.send("/assist/scope/", page="/assist/scope/", scope=["refuse"], how="code", identity_paper="passport")
    assert page.address == "/assist/code/"
    assert amina.email not in page.text and "a•••@example.org" in page.said
    (message,) = [one for one in mail.outbox if one.to == [amina.email]]
    digits = re.search(r"\d{4} \d{4}", message.body)
    assert digits is not None and "Fatou" not in message.body
    wrong = client.send("/assist/code/", 422, page="/assist/code/", digits="0000 0000")
    assert digits[0] not in wrong.text and digits[0].replace(" ", "") not in wrong.text
    page = client.send("/assist/code/", page="/assist/code/", digits=digits[0])
    assert page.address == "/assist/session/"
    page = client.send("/assist/session/answer/refuse/", page="/assist/session/answer/refuse/")
    assert page.address == "/assist/session/"
    assert letters.state_of(amina) == "opposed"
    client.send("/assist/session/answer/withdraw/", page="/assist/session/answer/withdraw/")
    assert letters.state_of(amina) == "informed"


def test_sheet__signed_and_scanned_begins() -> None:
    client, amina = at_desk(desks.fatou(), "en"), letters.told()
    found(client, amina, by_card=True)
    client.send("/assist/scope/", page="/assist/scope/", scope=["refuse"], how="paper", identity_paper="passport")
    sheet = post(client, "/assist/paper/sheet/")
    assert "Amina Benali" in words_of(sheet.content)
    for content, said in ((sheet.content, "This is the file that was printed"), (b"nothing", "cannot be read")):
        other = SimpleUploadedFile("a.pdf", content, "application/pdf")
        assert said in client.send("/assist/paper/", 422, page="/assist/paper/", sheet=other).said
    other = SimpleUploadedFile("a.png", picture_of(pdf("nothing")), "image/png")
    assert "This is not the sheet" in client.send("/assist/paper/", 422, page="/assist/paper/", sheet=other).said
    scan = SimpleUploadedFile("a.png", picture_of(sheet.content), "image/png")
    assert client.send("/assist/paper/", page="/assist/paper/", sheet=scan).address == "/assist/session/"


def test_scope__letter_or_sheet_opens_no_documents_and_a_paper_is_seen() -> None:
    client, amina = at_desk(desks.fatou(), "en"), letters.told()
    found(client, amina)
    ticked = {"scope": ["activate", "documents"], "how": "letter", "identity_paper": "passport"}
    page = client.send("/assist/scope/", 422, page="/assist/scope/", **ticked)
    assert "Only the 8 digits of the e-mail are enough for this: Read the documents together." in page.said
    ticked |= {"scope": ["activate"], "identity_paper": ""}
    page = client.send("/assist/scope/", 422, page="/assist/scope/", **ticked)
    assert "Ask the person for an identity paper" in page.said


def test_person__cuts_it_from_their_own_space() -> None:
    client, amina, fatou = at_desk(desks.fatou()), people.amina(), desks.fatou()
    actor = fatou.helps(amina, ["emergency", "documents"])
    client = at_desk(fatou)
    store = SessionStore(client.client.cookies["session"].value)
    store.update(store.load() | {KEY: f"{amina.person_id}|{actor.session_id}"})
    store.save()
    assert "Amina Benali" in client.visit("/assist/session/documents/").said
    own = PageClient()
    own.sign_in(amina)
    page = own.visit("/access/desks/")
    assert "Fatou Diallo" in page.said
    own.send(f"/access/desks/{actor.session_id}/end/", page="/access/desks/")
    page = client.visit("/assist/session/documents/")
    assert page.address == "/assist/over/" and "Amina" not in page.text
    assert KEY not in held(client)


def test_thirty_minutes__are_over_wherever_the_helper_is() -> None:
    client, amina = at_desk(desks.fatou()), letters.told()
    begun(client, amina, "refuse")
    with time_machine.travel(clock.now() + timedelta(minutes=14)):
        assert client.visit("/assist/session/").address == "/assist/session/"
    with time_machine.travel(clock.now() + timedelta(minutes=28)):
        client.visit("/assist/session/")
    with time_machine.travel(clock.now() + timedelta(minutes=30)):
        page = client.send("/assist/session/answer/refuse/", page="/help/")
        assert page.address == "/assist/over/"
    assert letters.state_of(amina) == "informed"


def test_what_was_not_ticked__is_not_there() -> None:
    client, amina = at_desk(desks.fatou()), letters.told()
    page = begun(client, amina, "activate")
    assert "/assist/session/documents/" not in page.text
    for address in ("documents/", "emergency/", "answer/refuse/", "answer/close/", "contact/"):
        client.visit(f"/assist/session/{address}", 404 if address.startswith(("answer", "documents", "emerg")) else 200)
    page = client.send(
        "/assist/scope/", page="/assist/session/", scope=["documents"], how="letter", identity_paper="passport"
    )
    assert page.address == "/assist/session/"  # nothing can be ticked once it runs


def test_helper__without_a_certificate_helps_nobody() -> None:
    fatou, amina = desks.fatou(), letters.told()
    access.revoke_certification(account_id=fatou.account_id)
    client = at_desk(fatou)
    assert "habilitation est terminée" in client.visit("/assist/").said
    client.send("/assist/", 404, page="/assist/", **typed(amina, code=amina.code))


@pytest.mark.parametrize("who", ["holder", "professional"])
def test_desk__is_absent_for_others(who: str) -> None:
    visitor = PageClient()
    visitor.sign_in(people.amina() if who == "holder" else people.dr_nguyen())
    for address in ("", "scope/", "session/", "session/documents/", "over/", "ended/"):
        visitor.visit(f"/assist/{address}", 404)


def test_holder__prints_a_summary_and_stranger_ends_no_help() -> None:
    amina, paul, fatou = people.amina(), people.paul(), desks.fatou()
    actor = fatou.helps(amina)
    own = PageClient()
    own.sign_in(amina)
    assert "Amina Benali" in words_of(post(own, "/access/summary/").content)
    stranger = PageClient()
    stranger.sign_in(paul)
    stranger.send(f"/access/desks/{actor.session_id}/end/", 404, page="/access/desks/")
    assert reads.own_assistance(actor=actor) is not None


def test_child__is_opened_by_the_parent_beside_and_nothing_else_can_be_ticked() -> None:
    client, (jeanne, _marc, leo) = at_desk(desks.fatou(), "en"), letters.family()
    numbers = typed(leo, code=leo.code) | {"matricule": jeanne.ins.matricule}
    page = client.send("/assist/", page="/assist/", **numbers)
    assert page.address == "/assist/scope/"
    ticked = {field.get("value") for field in page.all("input") if field.get("name") == "scope"}
    assert ticked == {"activate", "refuse"}
    client.send(
        "/assist/scope/", 422, page="/assist/scope/", scope=["documents"], how="letter", identity_paper="passport"
    )
    page = client.send(
        "/assist/scope/", page="/assist/scope/", scope=["activate"], how="letter", identity_paper="passport"
    )
    assert page.address == "/assist/session/"
    client.send("/assist/session/open/", page="/assist/session/open/")
    assert letters.state_of(leo) == "active"
    client.visit("/assist/session/documents/", 404)
