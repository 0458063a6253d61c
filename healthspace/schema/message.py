"""Several statements in one message to PostgreSQL, and the rows of the last one.

The driver's cursor sends, waits and reads in separate steps and adapts each value in Python: for
three short messages an act that is most of what the act costs. `send` hands the finished text to
libpq at once. Values become literals by `literal`; the statements are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections
from psycopg import errors
from psycopg.pq import ExecStatus, TransactionStatus

from healthspace.schema.prepared import once

Decoder = Callable[[bytes], Any]
_DONE: Final = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})


def call(sql: str, values: Sequence[object]) -> str:
    """A statement with `%s` places, prepared on this connection, with its values as literals."""
    return once(sql) % tuple(map(literal, values))


def send(sql: str, columns: Sequence[Decoder] = ()) -> list[tuple[Any, ...]]:
    """Run the statements in one message; rows of the last one, each value through its decoder.

    Inside a transaction block of Django's that has not begun yet, it begins with this message.
    Raises Django's database errors.
    """
    held = connections[DEFAULT_DB_ALIAS]
    if held.execute_wrappers or held.force_debug_cursor:
        return _through_cursor(sql)
    if held.connection is None:
        held.ensure_connection()
    pgconn = held.connection.pgconn
    if held.in_atomic_block and pgconn.transaction_status == TransactionStatus.IDLE:
        sql = f"BEGIN; {sql}"
    with held.wrap_database_errors:
        result = pgconn.exec_(sql.encode())  # raises when the connection is gone
        if result.status not in _DONE:
            raise errors.error_from_result(result)
    get = result.get_value
    return [
        tuple(None if (value := get(row, column)) is None else decode(value) for column, decode in enumerate(columns))
        for row in range(result.ntuples)
    ]


def _through_cursor(sql: str) -> list[tuple[Any, ...]]:
    """The same by the driver's cursor, where somebody wants to see each statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        last: Any = cursor
        last.set_result(-1)
        return list(cursor.fetchall()) if cursor.description else []


def literal(value: object) -> str:
    """A value as PostgreSQL reads it in a statement (standard_conforming_strings, its default)."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return f"'\\x{value.hex()}'"
    if isinstance(value, UUID | datetime):
        return f"'{value}'"
    if isinstance(value, list | tuple):
        return literal("{" + ",".join(map(_element, value)) + "}")
    if isinstance(value, str) and "\x00" not in value:
        quoted = value.replace("'", "''")
        return f"'{quoted}'"
    raise ValueError("a value that a statement cannot hold")


def _element(value: object) -> str:
    """A text or UUID inside the text form of an array."""
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def to_text(value: bytes) -> str:
    """text, varchar"""
    return value.decode()


def to_uuid(value: bytes) -> UUID:
    """uuid"""
    return UUID(value.decode())


def to_bool(value: bytes) -> bool:
    """boolean"""
    return value == b"t"


def to_instant(value: bytes) -> datetime:
    """timestamptz"""
    return datetime.fromisoformat(value.decode())


def to_bytes(value: bytes) -> bytes:
    r"""bytea, in its hex form `\x...`"""
    return bytes.fromhex(value[2:].decode())


def to_words(value: bytes) -> list[str]:
    """text[] of plain words without commas, quotes or blanks"""
    inside = value[1:-1].decode()
    return inside.split(",") if inside else []
