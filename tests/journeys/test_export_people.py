"""A copy of everything: who acts and helps, what was asked of the desk, the ways in; to each what is theirs."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from healthspace.access import actions as access
from healthspace.journeys import export_space, printing
from healthspace.people import actions as accounts
from healthspace.schema.contract import PersonTable
from healthspace.support import actions as desk
from healthspace.support.actions.tickets import Given
from tests import desks, people
from tests.journeys.test_export import made, rows, unpacked
from tests.rooms.second_step import with_app
from tests.rooms.test_support_tickets import PDF, agent

pytestmark = pytest.mark.usefixtures("as_worker")
WORD = "girafe"


def asked_the_desk(holder: people.Holder, *files: Given) -> None:
    """A question with files, and the answer of an agent."""
    who: dict[str, Any] = {"person_id": holder.person_id}
    ticket = desk.send_ticket(actor=holder.actor, **who, topic="contact", text=f"Où est ma {WORD}\u00a0?", files=files)
    desk.answer_ticket(actor=agent("Inès Faure"), **who, ticket_id=ticket, text="Elle est là.")


def test_copy__names_everybody_who_acts_or_helps() -> None:
    amina, paul = people.amina(), people.paul()
    paul.helping(amina, days=100)
    amina.helping(paul, days=50)
    desks.fatou().helps(amina, ["summary"])
    printing.form(actor=amina.actor, person_id=amina.person_id, kind="emergency_no", language="fr")
    files = unpacked(amina, made(amina))
    found = rows(files["people.csv"])[1:]
    assert [(row[0], row[1]) for row in found] == [
        ("M’aide", paul.identity.name),
        ("Je l’aide", paul.identity.name),
        ("A aidé à un guichet", "Fatou Diallo, France Services de Rivemont"),
    ]
    assert rows(files["paper-forms.csv"])[1][0] == "emergency_no"
    assert paul.identity.name in files["index.html"].decode()


def test_copy__of_the_parent_and_of_the_child_say_who_acts_for_the_child() -> None:
    jeanne, leo = people.jeanne(), people.leo()
    parent = jeanne.representing(leo)
    for actor in (parent, leo.actor):
        found = rows(unpacked(leo, made(leo, actor), actor)["people.csv"])[1:]
        assert [(row[0], row[1], row[2]) for row in found] == [("Agit pour moi", jeanne.identity.name, "parent")]
    own = rows(unpacked(jeanne, made(jeanne))["people.csv"])[1:]
    assert [(row[0], row[1]) for row in own] == [("J’agis en son nom", leo.identity.name)]


def test_copy__holds_the_questions_to_the_desk_with_answers_and_files() -> None:
    amina = people.amina()
    asked_the_desk(amina, Given("carte.pdf", PDF), Given("mot.txt", b"bonjour"))
    files = unpacked(amina, made(amina))
    assert [row[-1] for row in rows(files["questions.csv"])[1:]] == [f"Où est ma {WORD}\u00a0?", "Elle est là."]
    sent = {name: content for name, content in files.items() if name.startswith("questions/")}
    assert sorted(sent.values()) == sorted([PDF, b"bonjour"])
    index = files["index.html"].decode()
    assert "Inès Faure" in index
    assert all(f'href="{name}"' in index for name in sent)


def test_copy__in_parts_holds_each_file_of_a_question_once(monkeypatch: pytest.MonkeyPatch) -> None:
    amina = people.amina()
    asked_the_desk(amina, *(Given(f"{number}.pdf", PDF + bytes([number]) * 900) for number in range(4)))
    monkeypatch.setattr(export_space, "PART_BYTES", 1000)
    card = made(amina)
    assert len(card.parts) == 4
    assert sum(name.startswith("questions/") for name in unpacked(amina, card)) == 4


def test_copy__holds_the_ways_in_the_sessions_and_the_changes_of_contact() -> None:
    amina = people.amina()
    with_app(amina.account_id)
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    over = accounts.open_session(account_id=amina.account_id, means="totp", user_agent=firefox)
    accounts.end_session(over.id)
    access.ask_contact_change(actor=amina.actor, person_id=amina.person_id, email="new@example.org", phone="")
    files = unpacked(amina, made(amina))
    ways = [row[0] for row in rows(files["ways-in.csv"])[1:]]
    assert "Application de codes" in ways
    (session,) = rows(files["sessions.csv"])[1:]
    assert session[3:] == ["totp", "Firefox", "Linux"] and session[2]
    (change,) = rows(files["contact-changes.csv"])[1:]
    assert "new@example.org" in change and amina.identity.email in change


def test_copy__a_parent_has_neither_questions_nor_ways_in_of_a_child() -> None:
    """What a minor asked of the desk, and how they sign in, is theirs, and that there is any is too."""
    jeanne, leo = people.jeanne(), people.leo()
    parent = jeanne.representing(leo)
    before = set(unpacked(leo, made(leo, parent), parent))
    asked_the_desk(leo, Given("carte.pdf", PDF))
    accounts.open_session(account_id=leo.account_id, means="email")
    files = unpacked(leo, made(leo, parent), parent)
    assert set(files) == before
    assert not any(WORD.encode() in content for content in files.values())
    assert not {"questions.csv", "ways-in.csv", "sessions.csv", "contact-changes.csv"} & before
    assert any(WORD.encode() in content for content in unpacked(leo, made(leo)).values())


IN_IT = {
    "access_assistance", "access_charge", "access_delegation", "access_helping", "access_invitation", "access_mandate",
    "access_paper_form", "access_tie", "audit_event", "documents_document", "notifications_notice",
    "profile_care_history", "profile_entry", "spaces_contact_change", "spaces_space", "support_ticket",
    "support_ticket_file", "support_ticket_message",
}  # fmt: skip
NOT_IN_IT = {
    "access_majority_told": "its notices are there",
    "access_teen_consent": "its lines in the journal are there",
    "access_teen_way": "its lines in the journal are there",
    "documents_copy": "the copies themselves",
    "documents_copy_part": "the copies themselves",
    "documents_folder": "an order of documents that are there",
    "documents_quarantine": "sent for nobody known; not this person's until a person has looked",
    "documents_revision": "the document's state is there, each change is in the journal",
    "documents_visit": "a mark of what was looked at, in the journal too",
    "enrolment_answer": "the answer's line in the journal and its proof among the documents",
    "enrolment_awaited_parent": "a step of the opening that is over",
    "enrolment_case": "the desk's own work about two registers",
    "enrolment_code": "a secret's hash",
    "enrolment_contact": "the register's; the space has taken it over",
    "enrolment_dependant": "the register's; the space has taken it over",
    "enrolment_earlier_place": "where the older record was fetched; the record is there",
    "enrolment_enrollee": "the register's; the space has taken it over",
    "notifications_mail_choice": "a setting of mails",
    "outbox_fact": "what is about to become a notice",
    "support_joint_act": "its line in the journal is there",
    "vault_person_key": "the key",
}


def test_copy__every_table_of_a_person_is_in_it_or_it_is_said_why_not() -> None:
    """A table that comes later is thought of."""
    tables = {model._meta.db_table for model in apps.get_models() if issubclass(model, PersonTable)}
    assert tables == IN_IT | set(NOT_IN_IT)
