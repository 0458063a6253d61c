"""The second lock: what the database itself shows, whatever the code above it says (T66, T67)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction

from healthspace.access import gate
from healthspace.access import reads as access_reads
from healthspace.common import clock
from healthspace.common.errors import Invalid, Refused
from healthspace.documents import actions, reads
from healthspace.documents.reads import ListQuery
from healthspace.schema.context import Level, entering_sql, lowering_sql
from tests import people, query_guard
from tests.factories.orders import order
from tests.promises.catalogue import Database

PERSON_TABLES = sorted(query_guard.person_tables())


def filed(holder: people.Holder, hospital: people.Hospital, *codes: str, **changes: object) -> object:
    sent = order(holder, media_type="text/plain", content=b"Bonjour", confidentiality=frozenset(codes), **changes)
    return actions.deposit(actor=hospital.actor, order=sent).document_id


@pytest.fixture(scope="module")
def amina() -> people.Holder:
    """Amina with rows in most tables: ties, documents of each sort, a folder, a visit, events."""
    amina, hospital, doctor = people.amina(), people.rivemont(), people.dr_nguyen()
    people.grant(amina, doctor)
    filed(amina, hospital)
    filed(amina, hospital, "MASQUE_PS")
    filed(amina, hospital, "INVISIBLE_PATIENT")
    actions.create_folder(actor=amina.actor, person_id=amina.person_id, name="Genou")
    query = ListQuery(is_visit=True)
    reads.list_documents(actor=amina.actor, person_id=amina.person_id, query=query)
    return amina


def count(db: Database, table: str, condition: str = "true") -> int:
    [(found,)] = db.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchall()  # type: ignore[arg-type]
    return int(found)


def enter(db: Database, holder: people.Holder, level: Level = "gate", actor: object = None) -> None:
    db.execute(entering_sql(holder.person_id, at=clock.now()))
    db.execute(lowering_sql(level, actor_id=actor, place_id=None))  # type: ignore[arg-type]


@pytest.mark.parametrize("table", PERSON_TABLES)
def test_rows__without_a_context_there_are_none(
    table: str, amina: people.Holder, app_connection: Database, owner_connection: Database
) -> None:
    assert count(app_connection, table) == 0
    with app_connection.transaction():
        enter(app_connection, people.paul())
        assert count(app_connection, table, f"person_id = '{amina.person_id}'") == 0
    with app_connection.transaction():
        enter(app_connection, amina)
        ours = count(app_connection, table)
        assert ours == count(app_connection, table, f"person_id = '{amina.person_id}'")
    if table in {"documents_document", "access_tie", "audit_event", "spaces_space", "vault_person_key"}:
        assert ours  # the test would prove nothing on an empty table


@pytest.mark.parametrize("table", PERSON_TABLES)
def test_rows__of_another_person_cannot_be_written(table: str, amina: people.Holder, app_connection: Database) -> None:
    def one(statement: str) -> int:
        try:
            with app_connection.transaction():
                enter(app_connection, people.paul())
                return app_connection.execute(statement).rowcount  # type: ignore[arg-type]
        except psycopg.errors.InsufficientPrivilege:
            return 0

    where = f"WHERE person_id = '{amina.person_id}'"
    assert one(f"UPDATE {table} SET person_id = person_id {where}") == 0
    assert one(f"DELETE FROM {table} {where}") == 0
    copy = f"INSERT INTO {table} (person_id, id) VALUES ('{amina.person_id}', '{uuid4()}')"
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.NotNullViolation)) as refusal:
        with app_connection.transaction():
            enter(app_connection, people.paul())
            app_connection.execute(copy)  # type: ignore[arg-type]
    # Row-level security speaks after the columns are filled: both mean that nothing was written.
    assert refusal.value.sqlstate in {"42501", "23502"}


@pytest.mark.parametrize(
    ("level", "masked", "announced"),
    [
        ("none", 0, 0),
        ("author", 0, 0),
        ("professional", 0, 1),
        ("holder", 1, 0),
        ("representative", 1, 0),
        ("attending", 1, 1),
        ("emergency", 1, 1),
    ],
)
def test_documents__a_level_reads_no_more_than_it_may_even_by_raw_sql(
    level: Level, masked: int, announced: int, amina: people.Holder, app_connection: Database
) -> None:
    with app_connection.transaction():
        enter(app_connection, amina, level, uuid4())
        found = app_connection.execute("SELECT * FROM documents_document")
        names = [column.name for column in found.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found]
    assert sum(row["is_masked"] for row in rows) == masked
    assert sum(row["hidden_from_holder_until"] is not None for row in rows) == announced
    assert len(rows) == (0 if level in {"none", "author"} else 1) + masked + announced


def test_context__ends_with_its_transaction(amina: people.Holder, app_connection: Database) -> None:
    for ending in (app_connection.commit, app_connection.rollback):
        app_connection.autocommit = False
        enter(app_connection, amina)
        assert count(app_connection, "documents_document") == 3
        ending()
        assert count(app_connection, "documents_document") == 0
        app_connection.rollback()


def _refused(amina: people.Holder) -> None:
    with pytest.raises(Refused):
        reads.open_document(actor=people.paul().actor, person_id=amina.person_id, document_id=uuid4())


def _wrong_cursor(amina: people.Holder) -> None:
    with pytest.raises(Invalid):
        query = ListQuery(cursor="bm9ib2R5cw")
        reads.list_documents(actor=amina.actor, person_id=amina.person_id, query=query)


def _listed(amina: people.Holder) -> None:
    reads.list_documents(actor=amina.actor, person_id=amina.person_id, query=ListQuery(with_total=True))


def _refused_list(amina: people.Holder) -> None:
    with pytest.raises(Refused):
        reads.list_documents(actor=people.dr_nguyen().actor, person_id=amina.person_id, query=ListQuery())


def _who_can_see(amina: people.Holder) -> None:
    access_reads.ties(actor=amina.actor, person_id=amina.person_id)


@pytest.mark.parametrize("act", [_refused, _wrong_cursor, _listed, _refused_list, _who_can_see])
def test_context__no_act_leaves_it_behind(act: Callable[[people.Holder], None], amina: people.Holder) -> None:
    with query_guard.every_query_names_its_person():
        act(amina)
    raw = connection.connection
    assert raw.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.person', true), current_setting('app.level', true)")
        assert not any(cursor.fetchone())


def test_context__a_fault_in_the_middle_leaves_nothing_behind(
    amina: people.Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(gate, "level_sql", broken)
    with pytest.raises(ZeroDivisionError):
        _listed(amina)
    assert connection.connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_second_lock__hides_masked_rows_when_the_first_is_broken(
    amina: people.Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted fault: the gate's condition for lists is gone; row-level security still holds the mask."""
    doctor = people.dr_nguyen()
    people.grant(amina, doctor)
    monkeypatch.setattr(gate, "visible", lambda standing: ("true", []))
    page = reads.list_documents(actor=doctor.actor, person_id=amina.person_id, query=ListQuery())
    assert len(page.cards) == 2
    assert not any(card.is_masked for card in page.cards)


def test_context__outside_a_transaction_is_an_error(amina: people.Holder) -> None:
    from healthspace.schema.context import set_context

    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError):
        set_context(amina.person_id)
    with transaction.atomic():
        set_context(amina.person_id)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM documents_document",
        'UPDATE "documents_document" SET is_masked = false WHERE id = %s',
        "SELECT 1; DELETE FROM access_tie WHERE kind = 'block'",
        "SELECT person_id FROM audit_event ORDER BY id",
        "INSERT INTO documents_document (id) VALUES (%s)",
        "PREPARE hs_1 AS INSERT INTO documents_document (id) VALUES ($1)",
    ],
)
def test_query_guard__finds_a_query_without_a_person(sql: str) -> None:
    assert query_guard.unnamed(sql)


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT "documents_document"."id" FROM "documents_document" WHERE "documents_document"."person_id" = %s',
        "INSERT INTO access_tie (person_id, id) VALUES (%s, %s)",
        "PREPARE hs_1 AS INSERT INTO access_tie (person_id, id) VALUES ($1, $2)",
        "SELECT 1 FROM people_account",
        "SET LOCAL app.person = 'x'; SELECT state FROM spaces_space WHERE person_id = %s",
    ],
)
def test_query_guard__lets_named_queries_pass(sql: str) -> None:
    assert not query_guard.unnamed(sql)
