"""The help desk's pages and the holder's pages of it (S1, S4; T12)."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from healthspace.common import clock
from healthspace.enrolment.actions import answers
from healthspace.outbox import dispatcher
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces import reads as space_reads
from healthspace.spaces.reads import contacts
from healthspace.support.actions import reading
from tests import people
from tests.doors.desk_pages import act_of, agent, signed_in, typed
from tests.page_client import PageClient
from tests.people import PASSWORD, Holder
from tests.roles import as_the_worker
from tests.rooms import letters

PDF = b"%PDF-1.7 an invented paper"


def asked(holder: Holder, language: str = "en", text: str = "The code does not come.") -> tuple[PageClient, UUID]:
    client = signed_in(holder, language)
    client.visit("/questions/new/")
    file = SimpleUploadedFile("my paper.pdf", PDF, "application/pdf")
    client.send("/questions/new/", topic="sign_in", text=text, attached=[file], may_read="on")
    [card] = reading.my_tickets(actor=holder.actor, person_id=holder.person_id)
    return client, card.id


def active() -> letters.Told:
    told = letters.told()
    answers.activate(told.claim(), login=f"amina.{told.serial}", password=PASSWORD)
    return told


def state_of(person_id: UUID) -> str:
    with transaction.atomic():
        set_context(person_id)
        return space_reads.state(person_id).state


@pytest.mark.parametrize("language", ["en", "fr"])
def test_question__is_asked_answered_and_read(language: str) -> None:
    amina = people.amina()
    holder, ticket_id = asked(amina, language)
    desk = signed_in(agent("Inès Faure"), language)
    assert desk.visit("/support/questions/")
    page = desk.visit(f"/support/questions/{ticket_id}/")
    assert "The code does not come." in page.said and "Benali" not in page.said
    file_id = re.search(rf"/support/questions/{ticket_id}/files/([0-9a-f-]+)/", page.text)
    assert file_id is not None
    answer = desk.client.get(file_id[0])
    assert answer.content == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="my paper.pdf"'
    assert "sandbox" in answer["Content-Security-Policy"]
    desk.send(f"/support/questions/{ticket_id}/", text="Look in your junk mail.")
    assert desk.client.get(f"/support/questions/{ticket_id}/").status_code == 404
    dispatcher.run_for(amina.person_id)
    assert f"/questions/{ticket_id}/" in holder.visit("/notices/").text
    said = holder.visit(f"/questions/{ticket_id}/").said
    assert "Inès Faure" in said and "Look in your junk mail." in said
    holder.send(f"/questions/{ticket_id}/", text="It was there, thank you.")
    holder.send(f"/questions/{ticket_id}/close/")
    assert holder.visit("/questions/")
    assert desk.client.get(f"/support/questions/{ticket_id}/").status_code == 404


def test_question__what_is_wrong_is_told_beside_it() -> None:
    amina = signed_in(people.amina())
    page = amina.send("/questions/new/", 422, topic="", text="")
    assert "Choose what your question is about." in page.said and "Tick the box" in page.said
    six = [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(6)]
    page = amina.send("/questions/new/", 422, topic="other", text="x", attached=six, may_read="on")
    assert "at most 5 files" in page.said
    page = amina.send(
        "/questions/new/",
        422,
        topic="other",
        text="x",
        may_read="on",
        attached=[SimpleUploadedFile("a.exe", b"MZ\x90\x00")],
    )
    assert "at most 5 files, each a PDF" in page.said


def test_question__another_holder_finds_nothing() -> None:
    amina = people.amina()
    _, ticket_id = asked(amina)
    paul = signed_in(people.paul())
    assert paul.client.get(f"/questions/{ticket_id}/").status_code == 404
    assert paul.client.get(f"/questions/{ticket_id}/files/{uuid4()}/").status_code == 404


def test_contact__change_waits_is_shown_and_can_be_stopped() -> None:
    amina = people.amina()
    client = signed_in(amina)
    page = client.send("/settings/contact/", email="new@example.org", phone="")
    assert page.h1 == "A change waits" and "new@example.org" in page.said
    assert amina.identity.email in client.visit("/settings/").said
    assert "A change waits until" in client.visit("/settings/").said
    page = client.send("/settings/contact/stop/")
    assert "The change is stopped" in page.said
    assert "A change waits until" not in client.visit("/settings/").said


def test_contact__first_phone_alone_is_said_to_wait() -> None:
    said = signed_in(people.amina(email="")).visit("/settings/contact/").said
    assert "A first phone alone waits too." in said and "old addresses" not in said
    assert "A first phone alone" not in signed_in(people.amina()).visit("/settings/contact/").said


def test_contact__first_address_is_confirmed_by_its_digits() -> None:
    amina = people.amina(email="")
    client = signed_in(amina)
    page = client.send("/settings/contact/", email="first@example.org", phone="")
    assert page.h1 == "Confirm your e-mail"
    with transaction.atomic():
        set_context(amina.person_id)
        from healthspace.spaces.models import ContactChange

        digits = contacts.first_digits(ContactChange.objects.get(person_id=amina.person_id).id)
    client.send("/settings/contact/digits/", 422, digits="12")
    assert "first@example.org" in client.send("/settings/contact/digits/", digits=digits).said


@pytest.mark.parametrize("language", ["en", "fr"])
def test_link__of_the_message_stops_only_by_its_button(language: str) -> None:
    amina = people.amina()
    change = spaces.ask_contact_change(actor=amina.actor, person_id=amina.person_id, email="new@example.org")
    address = f"/contact/stop/{contacts.stop_token(amina.person_id, change.id)}/"
    visitor = PageClient(language)
    for _ in range(2):
        page = visitor.visit(address)
        assert "Benali" not in page.said and "example.org" not in page.said
    assert visitor.send(address).address == "/contact/stopped/"
    assert visitor.send(address).address == "/contact/not-stopped/"
    wrong = address[:-3] + ("AA/" if not address.endswith("AA/") else "BB/")
    assert visitor.visit(wrong).said == visitor.visit(address).said
    assert visitor.send(wrong).address == "/contact/not-stopped/"


def test_call__shows_counts_and_no_secret() -> None:
    told = active()
    desk = signed_in(agent())
    page = desk.send("/support/", **typed(told))
    assert "State of this space" in page.said and "open and in use" in page.said
    assert told.email not in page.text
    assert "Let the caller try to sign in again" in page.said


def test_call__unlocks_with_a_reason() -> None:
    told = active()
    desk = signed_in(agent())
    sent = typed(told, person=str(told.person_id), act="unlock")
    assert "Choose a reason." in desk.send("/support/answer/", 422, **sent).said
    assert "The caller can try again" in desk.send("/support/answer/", **sent, reason="forgot").said


def test_call__writes_down_another_address_that_waits() -> None:
    told = active()
    desk = signed_in(agent())
    sent = typed(told, person=str(told.person_id), act="contact")
    assert "Nothing is different" in desk.send("/support/answer/", 422, **sent, email="", phone="").said
    page = desk.send("/support/answer/", **sent, email="new@example.org", phone="")
    assert "The change waits for 3 days" in page.said
    with transaction.atomic():
        set_context(told.person_id)
        change = contacts.waiting_contact(told.person_id)
    assert change is not None and change.by_kind == "support"
    assert "The same waits already" in desk.send("/support/answer/", 422, **sent, email="b@example.org", phone="").said


@pytest.mark.parametrize("language", ["en", "fr"])
def test_death__needs_two_agents_and_so_does_its_error(language: str) -> None:
    told = active()
    first, second = signed_in(agent("Inès Faure"), language), signed_in(agent("Omar Diallo"), language)
    for act, before, after in (("death", "active", "closed_deceased"), ("death_in_error", "closed_deceased", "active")):
        sent = typed(told, person=str(told.person_id), act=act)
        first.send("/support/answer/", 422, **sent, paper="")
        first.send("/support/answer/", **sent, paper="acte 12/2026")
        assert state_of(told.person_id) == before
        act_id = act_of(told.person_id)
        assert "acte 12/2026" in first.visit(f"/support/acts/{act_id}/").said
        assert first.client.post(f"/support/acts/{act_id}/").status_code == 403  # without its token
        first.send(f"/support/acts/{act_id}/", answer="agree")
        assert state_of(told.person_id) == before
        page = second.visit(f"/support/acts/{act_id}/")
        assert "Inès Faure" in page.said
        second.send(f"/support/acts/{act_id}/", answer="agree")
        with as_the_worker():
            from healthspace.journeys import reopen

            while reopen.reopen_asked():
                pass
        assert state_of(told.person_id) == after
        assert first.client.get(f"/support/acts/{act_id}/").status_code == 404


def test_agents_name__stands_in_the_journal_of_the_holder() -> None:
    amina = people.amina()
    holder, ticket_id = asked(amina)
    signed_in(agent("Inès Faure")).visit(f"/support/questions/{ticket_id}/")
    said = holder.visit("/access/").said
    assert "Inès Faure, of the help desk, read what you wrote to it." in said
    assert "Help desk agent" in said and "Saw no document. Read your question and the state of your space." in said
    assert "Not one of your accepted" not in said and "Sent or changed" not in said


def test_waiting__is_applied_by_the_worker_after_three_days() -> None:
    amina = people.amina()
    client = signed_in(amina)
    client.send("/settings/contact/", email="new@example.org", phone="")
    with time_machine.travel(clock.now() + timedelta(hours=73), tick=False), as_the_worker():
        while spaces.apply_due_contacts():
            pass
    assert "new@example.org" in client.visit("/settings/").said


def test_guardian__is_named_by_two_agents() -> None:
    told, guardian = active(), people.paul()
    first, second = signed_in(agent("Inès Faure")), signed_in(agent("Omar Diallo"))
    today = clock.today()
    sent = typed(told, person=str(told.person_id), act="guardianship") | {
        "kind": "curator",
        "scope": "as_holder",
        "court": "Tribunal de Rivemont",
        "number": f"RG {uuid4().hex[:8]}",
        "decided_on": str(today),
        "starts_on": str(today),
        "ends_on": str(today + timedelta(days=700)),
        "guardian_number": guardian.ins.matricule,
        "guardian_born": str(guardian.traits.born_on),
    }
    assert "A curator never acts in place" in first.send("/support/answer/", 422, **sent).said
    wrong = sent | {"scope": "read", "guardian_born": "1950-01-01"}
    assert "Nobody with an open space" in first.send("/support/answer/", 422, **wrong).said
    first.send("/support/answer/", **sent | {"scope": "read"})
    act_id = act_of(told.person_id)
    said = second.visit(f"/support/acts/{act_id}/").said
    assert sent["number"] in said and "Paul Girard" in said and "Curator" in said
    second.send(f"/support/acts/{act_id}/", answer="agree")
    assert first.client.get(f"/support/acts/{act_id}/").status_code == 404
    with transaction.atomic():
        set_context(told.person_id)
        from healthspace.access.models import Mandate

        assert Mandate._default_manager.filter(person_id=told.person_id, id=guardian.person_id).exists()
