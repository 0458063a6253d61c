"""Journal lines: added in the act's transaction, told to their person, changed by nobody."""

import time
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import translation

from healthspace.audit import actions as audit
from healthspace.audit import reads as journal
from healthspace.common import clock
from healthspace.vault.rules import CannotUnseal
from tests.rooms.ledger import LINH, opened_by, person, sealed_by


def test_record__comes_back_opened_and_told() -> None:
    amina, item = person(), uuid4()
    amina.note(item_id=item, details={"title": "Compte rendu"})
    (line,) = amina.lines()
    assert (line.kind, line.outcome, line.rule, line.item_id) == ("document_opened", "done", "ACC-2", item)
    assert (line.actor_name, line.institution_name) == ("Dr Linh Nguyen", "Rivemont hospital")
    assert (line.profession, line.software, line.mode) == ("10", "Rivemont record", "normal")
    assert line.details == {"title": "Compte rendu"}
    assert line.leaf_index is None
    assert clock.now() - line.at < timedelta(minutes=1)
    with translation.override("en"):
        assert line.sentence == "Dr Linh Nguyen (Rivemont hospital) opened your document."


def test_record__of_an_unknown_kind_is_an_error_and_adds_nothing() -> None:
    amina = person()
    with pytest.raises(ValueError, match="no such kind"):
        amina.note("document_eaten")
    assert amina.lines() == []


def test_record__is_rolled_back_with_its_act() -> None:
    amina = person()
    with amina.here():
        audit.record(
            person_id=amina.id,
            actor=LINH,
            kind="document_opened",
            outcome="done",
            rule="ACC-2",
            seal=sealed_by(amina.id),
        )
        transaction.set_rollback(True)
    assert amina.lines() == []


def test_record__for_another_person_than_the_context_is_refused_by_the_database() -> None:
    amina, paul = person(), person()
    with amina.here():
        seal = sealed_by(amina.id)
        seal(b"", uuid4())
    with pytest.raises(Exception, match="row-level security") as caught, paul.here():
        audit.record(person_id=amina.id, actor=LINH, kind="document_opened", outcome="done", rule="ACC-2", seal=seal)
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_prepare__is_one_insert_that_its_caller_may_send() -> None:
    amina = person()
    with amina.here():
        statement, values = audit.prepare(
            person_id=amina.id, actor=LINH, kind="document_opened", outcome="done", rule="ACC-2",
            seal=sealed_by(amina.id),
        )  # fmt: skip
        assert statement.count("INSERT") == 1
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
    assert len(amina.lines()) == 1


def test_prepare__costs_less_than_a_fifth_of_a_millisecond() -> None:
    amina = person()
    with amina.here():
        seal = sealed_by(amina.id)
        started = time.perf_counter()
        for _ in range(2000):
            audit.prepare(
                person_id=amina.id, actor=LINH, kind="document_opened", outcome="done", rule="ACC-2", seal=seal
            )
    assert (time.perf_counter() - started) / 2000 < 200e-6


def test_journal__pages_newest_first_without_gap_or_double() -> None:
    amina = person()
    added = [amina.note() for _ in range(7)]
    first = amina.lines(limit=3)
    second = amina.lines(limit=3, before=first[-1].place)
    third = amina.lines(limit=3, before=second[-1].place)
    assert [line.id for line in first + second + third] == added[::-1]


def test_journal__of_one_document_and_without_those_the_reader_may_not_know() -> None:
    amina, seen, unseen = person(), uuid4(), uuid4()
    amina.note(item_id=seen)
    amina.note(item_id=unseen)
    amina.note("documents_listed")
    assert [line.item_id for line in amina.lines(item_id=seen)] == [seen]
    assert [line.item_id for line in amina.lines(without_items=[unseen])] == [None, seen]


def test_journal__of_a_stranger_shows_nothing() -> None:
    amina, paul = person(), person()
    amina.note()
    with paul.here():
        assert journal.journal(person_id=amina.id, unseal=opened_by(paul.id)) == []


def test_journal__line_moved_to_another_does_not_open(owner_connection: "psycopg.Connection[object]") -> None:
    amina = person()
    amina.note()
    amina.note("documents_listed")
    owner_connection.execute(
        "UPDATE audit_event SET sealed = (SELECT sealed FROM audit_event WHERE person_id = %s"
        " AND kind = 'documents_listed') WHERE person_id = %s AND kind = 'document_opened'",
        [amina.id, amina.id],
    )
    with pytest.raises(CannotUnseal):
        amina.lines()
    # put right again, or the whole check of another test would find it
    owner_connection.execute("DELETE FROM audit_event WHERE person_id = %s", [amina.id])


def test_journal__what_a_minor_keeps_secret_stays_from_representatives() -> None:
    leo = person()
    leo.note(is_hidden_from_representatives=True)
    leo.note("documents_listed")
    assert [line.kind for line in leo.lines(hidden_from="representative")] == ["documents_listed"]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL app.person = '{leo.id}'; SET LOCAL app.level = 'representative'")
        cursor.execute("SELECT kind FROM audit_event WHERE person_id = %s", [leo.id])
        assert cursor.fetchall() == [("documents_listed",)]


FORBIDDEN = (
    "UPDATE audit_event SET rule = 'X'",
    "UPDATE audit_event SET leaf_index = 0",
    "UPDATE audit_event SET sealed = ''",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event",
    "UPDATE audit_tree SET size = 0",
    "INSERT INTO audit_tile (level, number, hashes) VALUES (0, 99, '')",
    "UPDATE audit_tile SET hashes = ''",
    "DELETE FROM audit_tile",
    "INSERT INTO audit_checkpoint (size, root, at, note, cosignatures) VALUES (99, '', now(), '', '')",
    "UPDATE audit_checkpoint SET note = ''",
    "ALTER TABLE audit_event DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY audit_event_read ON audit_event",
    "INSERT INTO audit_event (person_id, id, at, kind, actor_kind, actor_id, outcome, rule, sealed, payload_hash,"
    " leaf_index) VALUES ('{person}', gen_random_uuid(), now(), 'x', 'x', gen_random_uuid(), 'done', 'x', '', '', 0)",
)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_doors__can_only_add_lines(app_connection: "psycopg.Connection[object]", statement: str) -> None:
    amina = person()
    amina.note()
    whole = f"SET LOCAL app.person = '{amina.id}'; {statement.replace('{person}', str(amina.id))}"
    with pytest.raises(psycopg.errors.InsufficientPrivilege), app_connection.transaction():
        app_connection.execute(whole)
    assert len(amina.lines()) == 1


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_event SET rule = 'X'", "DELETE FROM audit_event", "TRUNCATE audit_event", "DELETE FROM audit_tile"],
)
def test_worker__can_only_give_lines_their_place(
    worker_connection: "psycopg.Connection[object]", statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        worker_connection.execute(statement)


def test_doors__without_context_see_no_line(app_connection: "psycopg.Connection[object]") -> None:
    person().note()
    assert app_connection.execute("SELECT count(*) FROM audit_event").fetchone() == (0,)
