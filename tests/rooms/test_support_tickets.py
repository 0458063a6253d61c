"""Questions to the desk: sealed, answered in the space, kept a year; nobody else reads them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import psycopg
import pytest
import time_machine
from django.db import connection, transaction

from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Conflict, Invalid, Refused, TooLarge
from healthspace.journeys import destroy, sweeping
from healthspace.notifications import reads as notifications
from healthspace.outbox import dispatcher
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.support import actions as desk
from healthspace.support import reads
from healthspace.support.actions import erasing, reading
from healthspace.support.actions.tickets import Given
from healthspace.support.models import Ticket
from healthspace.support.rules import media_type_of, plain_name
from healthspace.vault import reads as vault
from tests import people
from tests.people import Holder
from tests.roles import as_the_worker

PDF = b"%PDF-1.7 an invented paper"
SECRET = "zebra-in-the-letter"


def agent(name: str = "Inès Faure") -> Actor:
    return Actor(kind="support", id=uuid4(), name=name)


def sent(holder: Holder, *files: Given, text: str = SECRET) -> UUID:
    return desk.send_ticket(actor=holder.actor, person_id=holder.person_id, topic="sign_in", text=text, files=files)


def kinds_of(person_id: UUID) -> list[str]:
    with transaction.atomic():
        set_context(person_id)
        with connection.cursor() as cursor:
            cursor.execute("SELECT kind FROM audit_event WHERE person_id = %s ORDER BY at", [person_id])
            return [row[0] for row in cursor.fetchall()]


def in_queue(ticket_id: UUID) -> bool:
    try:
        reads.whose(actor=agent(), item_id=ticket_id)
    except Refused:
        return False
    return True


def test_ticket__goes_to_the_queue_and_its_answer_comes_back_with_a_notice() -> None:
    amina, ines = people.amina(), agent()
    ticket_id = sent(amina, Given("paper.pdf", PDF))
    person_id = reads.whose(actor=ines, item_id=ticket_id)
    assert person_id == amina.person_id
    card = reading.open_ticket(actor=ines, person_id=person_id, ticket_id=ticket_id)
    assert [(one.by_kind, one.text) for one in card.messages] == [("holder", SECRET)]
    desk.answer_ticket(actor=ines, person_id=person_id, ticket_id=ticket_id, text="Try again now.")
    assert not in_queue(ticket_id)
    mine = reading.my_ticket(actor=amina.actor, person_id=amina.person_id, ticket_id=ticket_id)
    assert [(one.by_name, one.text) for one in mine.messages] == [("", SECRET), ("Inès Faure", "Try again now.")]
    dispatcher.run_for(amina.person_id)
    notices = notifications.notices(actor=amina.actor, person_id=amina.person_id)
    assert "ticket_answered" in {notice.kind for notice in getattr(notices, "notices", notices)}
    assert kinds_of(amina.person_id)[-3:] == ["ticket_sent", "ticket_read", "ticket_answered"]


def test_ticket__nothing_of_it_is_readable_in_the_database(owner_connection: psycopg.Connection[Any]) -> None:
    amina = people.amina()
    ticket_id = sent(amina, Given(f"{SECRET}.txt", SECRET.encode()))
    for table in ("support_ticket", "support_ticket_message", "support_ticket_file", "support_queue_line"):
        for row in owner_connection.execute(f"SELECT t::text FROM {table} t").fetchall():
            assert SECRET not in row[0] and SECRET.encode().hex() not in row[0]
    [line] = owner_connection.execute(
        "SELECT t::text FROM support_queue_line t WHERE uuid = %s", [ticket_id]
    ).fetchall()
    assert str(amina.person_id) not in line[0] and amina.person_id.hex not in line[0]


@pytest.mark.parametrize("who", ["stranger", "parent", "doctor", "operator", "agent"])
def test_ticket__anybody_but_its_holder_is_refused(who: str) -> None:
    amina, jeanne = people.amina(), people.jeanne()
    ticket_id = sent(amina, Given("a.pdf", PDF))
    actor = {
        "stranger": people.paul().actor,
        "parent": jeanne.claiming(amina),
        "doctor": people.dr_nguyen().actor,
        "operator": Actor(kind="operator", id=uuid4(), name="O"),
        "agent": agent(),
    }[who]
    asked: dict[str, Any] = {"actor": actor, "person_id": amina.person_id}
    for act in (
        lambda: desk.send_ticket(**asked, topic="other", text="x"),
        lambda: desk.write_on(**asked, ticket_id=ticket_id, text="x"),
        lambda: desk.close_ticket(**asked, ticket_id=ticket_id),
        lambda: reading.my_tickets(**asked),
        lambda: reading.my_ticket(**asked, ticket_id=ticket_id),
    ):
        with pytest.raises(Refused):
            act()
    assert "ticket_sent" in kinds_of(amina.person_id)


@pytest.mark.parametrize("who", ["holder", "stranger", "doctor", "operator", "system"])
def test_queue__anybody_but_an_agent_is_refused(who: str) -> None:
    amina = people.amina()
    ticket_id = sent(amina)
    actor = {
        "holder": amina.actor,
        "stranger": people.paul().actor,
        "doctor": people.dr_nguyen().actor,
        "operator": Actor(kind="operator", id=uuid4(), name="O"),
        "system": Actor(kind="system", id=uuid4(), name="S"),
    }[who]
    asked: dict[str, Any] = {"actor": actor, "person_id": amina.person_id, "ticket_id": ticket_id}
    for act in (
        lambda: reads.waiting(actor=actor, kind="ticket"),
        lambda: reads.whose(actor=actor, item_id=ticket_id),
        lambda: reading.open_ticket(**asked),
        lambda: desk.answer_ticket(**asked, text="x"),
    ):
        with pytest.raises(Refused):
            act()


def test_ticket__limits_are_told() -> None:
    amina = people.amina()
    with pytest.raises(Invalid):
        sent(amina, text="  ")
    with pytest.raises(Invalid):
        sent(amina, text="x" * 4001)
    with pytest.raises(Invalid):
        sent(amina, *[Given(f"{n}.pdf", PDF) for n in range(6)])
    with pytest.raises(Invalid):
        sent(amina, Given("a.exe", b"MZ\x90\x00\x03"))
    with pytest.raises(TooLarge):
        sent(amina, Given("a.pdf", PDF + b" " * 10_000_000))
    for _ in range(10):
        sent(amina)
    with pytest.raises(Conflict):
        sent(amina)


def test_ticket__closed_takes_no_more() -> None:
    amina = people.amina()
    ticket_id = sent(amina)
    desk.close_ticket(actor=amina.actor, person_id=amina.person_id, ticket_id=ticket_id)
    assert not in_queue(ticket_id)
    with pytest.raises(Conflict):
        desk.write_on(actor=amina.actor, person_id=amina.person_id, ticket_id=ticket_id, text="x")
    with pytest.raises(Conflict):
        desk.answer_ticket(actor=agent(), person_id=amina.person_id, ticket_id=ticket_id, text="x")


def test_ticket__written_on_waits_again() -> None:
    amina = people.amina()
    ticket_id = sent(amina)
    desk.answer_ticket(actor=agent(), person_id=amina.person_id, ticket_id=ticket_id, text="x")
    desk.write_on(actor=amina.actor, person_id=amina.person_id, ticket_id=ticket_id, text="y")
    assert in_queue(ticket_id)


def blob_of(db: psycopg.Connection[Any], ticket_id: UUID) -> str:
    found = db.execute("SELECT blob FROM support_ticket_file WHERE ticket_id = %s", [ticket_id]).fetchone()
    assert found is not None
    return str(found[0])


def test_ticket__is_erased_after_a_year_with_its_files(owner_connection: psycopg.Connection[Any]) -> None:
    amina = people.amina()
    ticket_id = sent(amina, Given("a.pdf", PDF))
    blob = blob_of(owner_connection, ticket_id)
    with as_the_worker():
        with time_machine.travel(clock.now() + timedelta(days=363), tick=False):
            desk.erase_old()
        assert owner_connection.execute("SELECT 1 FROM support_ticket WHERE id = %s", [ticket_id]).fetchall()
        with time_machine.travel(clock.now() + timedelta(days=366), tick=False):
            while desk.erase_old():
                pass
    for table, column in (("support_ticket", "id"), ("support_ticket_message", "ticket_id")):
        assert not owner_connection.execute(f"SELECT 1 FROM {table} WHERE {column} = %s", [ticket_id]).fetchall()
    assert blob not in {found.name for found in vault.store().names()}
    assert not in_queue(ticket_id)


def test_ticket__written_on_while_the_old_are_erased_is_kept(owner_connection: psycopg.Connection[Any]) -> None:
    amina = people.amina()
    ticket_id = sent(amina)
    looked = erasing._erase_one  # the list was read; the holder writes before this one is locked

    def writes_first(person_id: UUID, old_id: UUID) -> tuple[str, ...]:
        if old_id == ticket_id:
            with transaction.atomic():
                set_context(person_id)
                Ticket.objects.filter(person_id=person_id, id=old_id).update(
                    erase_on=clock.today() + timedelta(days=365)
                )
        return looked(person_id, old_id)

    with (
        as_the_worker(),
        time_machine.travel(clock.now() + timedelta(days=366), tick=False),
        patch.object(erasing, "_erase_one", writes_first),
    ):
        while desk.erase_old():
            pass
    for table, column in (("support_ticket", "id"), ("support_ticket_message", "ticket_id")):
        assert owner_connection.execute(f"SELECT 1 FROM {table} WHERE {column} = %s", [ticket_id]).fetchall()


def test_ticket__its_files_survive_the_sweep(owner_connection: psycopg.Connection[Any]) -> None:
    amina = people.amina()
    ticket_id = sent(amina, Given("a.pdf", PDF))
    with time_machine.travel(clock.now() + timedelta(days=2)), as_the_worker():
        sweeping.sweep_once()
    [file] = reading.my_ticket(actor=amina.actor, person_id=amina.person_id, ticket_id=ticket_id).files
    opened = reading.open_file(actor=agent(), person_id=amina.person_id, ticket_id=ticket_id, file_id=file.id)
    assert (opened.content, opened.card.name) == (PDF, "a.pdf")


def test_ticket__nothing_is_left_of_a_destroyed_space(owner_connection: psycopg.Connection[Any]) -> None:
    amina = people.amina()
    ticket_id = sent(amina, Given("a.pdf", PDF))
    blob = blob_of(owner_connection, ticket_id)
    desk.propose(actor=agent(), person_id=amina.person_id, kind="death", details={"paper": "1"})
    spaces.ask_contact_change(actor=amina.actor, person_id=amina.person_id, email="x@example.org")
    spaces.close(actor=amina.actor, person_id=amina.person_id, wants_deletion=True)
    with time_machine.travel(clock.now() + timedelta(days=90), tick=False), as_the_worker():
        assert destroy.destroy(person_id=amina.person_id)
    tables = ("support_ticket", "support_ticket_message", "support_ticket_file", "support_joint_act")
    for table in (*tables, "spaces_contact_change"):
        left = owner_connection.execute(f"SELECT 1 FROM {table} WHERE person_id = %s", [amina.person_id])
        assert not left.fetchall(), table
    assert blob not in {found.name for found in vault.store().names()}


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n..", "image/png"),
        ("Bonjour, été".encode(), "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "text/plain"),
        (b"MZ\x90", ""),
        (b"a\x00b", ""),
        (b"", ""),
    ],
)
def test_media_type__is_what_the_bytes_are(content: bytes, media_type: str) -> None:
    assert media_type_of(content) == media_type


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("a b.pdf", "a b.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\y.png", "y.png"),
        ('a"\r\nX: y', "a_X_ y"),
        ("", "file"),
    ],
)
def test_name__can_stand_in_a_header(name: str, plain: str) -> None:
    assert plain_name(name) == plain
