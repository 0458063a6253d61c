"""Messages of several statements: literals mean what they say, transactions begin and end where they should."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from healthspace.schema.context import set_context
from healthspace.schema.message import (
    call,
    literal,
    send,
    to_bool,
    to_bytes,
    to_instant,
    to_text,
    to_uuid,
    to_words,
)

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
HARD = [
    "'",
    "''",
    "\\",
    "\\'",
    "'; DROP TABLE spaces_space; --",
    "%s",
    "%%",
    "$1",
    "é œ 漢",
    "\n\t",
    '"',
    "{a,b}",
    "NULL",
]


@given(TEXTS)
def test_literal__any_text_comes_back_as_it_was(text):
    assert send(f"SELECT {literal(text)}::text", (to_text,)) == [(text,)]
    assert send(call("SELECT %s::text", [text]), (to_text,)) == [(text,)]


@pytest.mark.parametrize("text", HARD)
def test_literal__hard_texts_alone_and_in_arrays(text):
    assert send(call("SELECT %s::text, (%s::text[])[2]", [text, ["x", text]]), (to_text, to_text)) == [(text, text)]


def test_literal__every_kind_of_value_comes_back():
    person, at, raw = uuid4(), datetime(2026, 11, 24, 9, 30, 0, 123456, tzinfo=UTC), bytes(range(256))
    row = send(
        call(
            "SELECT %s::uuid, %s::timestamptz, %s::bytea, %s::boolean, %s::int, %s::text",
            [person, at, raw, True, -7, None],
        ),
        (to_uuid, to_instant, to_bytes, to_bool, int, to_text),
    )
    assert row == [(person, at, raw, True, -7, None)]
    assert send("SELECT ARRAY['block', 'attending!'], '{}'::text[]", (to_words, to_words)) == [
        (["block", "attending!"], [])
    ]
    assert send(call("SELECT %s::uuid = ANY(%s::uuid[])", [person, [uuid4(), person]]), (to_bool,)) == [(True,)]


@pytest.mark.parametrize("value", ["a\x00b", 1.5, object(), {"a": 1}])
def test_literal__what_no_statement_can_hold_is_refused(value):
    with pytest.raises(ValueError, match="cannot hold"):
        literal(value)


def test_send__begins_the_block_it_is_in_and_ends_with_it():
    person = uuid4()
    with transaction.atomic():
        send(f"SET LOCAL app.person = '{person}'")
        assert send("SELECT current_setting('app.person')", (to_text,)) == [(str(person),)]
    assert send("SELECT current_setting('app.person', true)", (to_text,)) in ([("",)], [(None,)])


def test_send__a_block_that_fails_is_rolled_back_whole():
    with pytest.raises(DatabaseError), transaction.atomic():
        set_context(uuid4())
        send("CREATE TEMPORARY TABLE half_done (n int)")
        send("SELECT 1 / 0")
    assert send("SELECT to_regclass('pg_temp.half_done')", (to_text,)) == [(None,)]
    assert connection.connection.info.transaction_status.name == "IDLE"


def test_call__a_new_connection_prepares_again():
    assert send(call("SELECT %s::int + 1", [1]), (int,)) == [(2,)]
    connection.close()
    assert send(call("SELECT %s::int + 1", [2]), (int,)) == [(3,)]


def test_send__one_who_watches_sees_the_same_rows():
    seen: list[str] = []

    def watch(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        assert send("SET LOCAL app.level = 'none'; SELECT 7", (int,)) == [(7,)]
    assert seen == ["SET LOCAL app.level = 'none'; SELECT 7"]


def test_call__behind_a_pooler_nothing_is_prepared_and_rows_are_the_same(settings):
    settings.PREPARES_STATEMENTS = False
    assert call("SELECT %s::int + 1", [1]) == "SELECT 1::int + 1"
    assert send(call("SELECT %s::text = ANY(%s::text[])", ["a'b", ["x", "a'b"]]), (to_bool,)) == [(True,)]
