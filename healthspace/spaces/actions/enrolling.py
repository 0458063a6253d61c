"""Spaces for the whole register at once: found by their number, sealed, and not yet told to anybody (ENR-1)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import connection

from healthspace.common.actor import SYSTEM
from healthspace.schema.context import set_context
from healthspace.spaces.actions.lines import journal

# The order of keys keeps two files that name the same people from locking each other out.
_INDEX: Final = (
    "INSERT INTO spaces_identity_index (find_key, person_id) SELECT find_key, person_id FROM {rows} ORDER BY find_key"
)
_ENROL: Final = (
    "INSERT INTO spaces_space (person_id, id, state, identity_status, sealed_identity, is_samu_opposed,"
    " is_break_glass_opposed, is_masked_opposed, language)"
    " SELECT person_id, person_id, 'not_informed', 'qualified', sealed_identity, false, false, false, language"
    " FROM {rows}"
)
# The language of whoever uses the space is the holder's own choice.
_CORRECT: Final = (
    "UPDATE spaces_space AS s SET sealed_identity = r.sealed_identity,"
    " language = CASE WHEN s.state IN ('not_informed', 'informed') THEN r.language ELSE s.language END"
    " FROM {rows} AS r WHERE s.person_id = r.person_id AND s.id = r.person_id"
)


def enrol_all(*, rows: str) -> int:
    """A space, not informed yet, for each row of a temporary table; how many.

    Its columns: `person_id`, `find_key` (of `reads.ins_key`), `sealed_identity`, `language`. For the worker's
    role, in the caller's transaction, which keeps the keys as well. A number that has a space is an
    IntegrityError: the caller looks it up first, and again.
    """
    with connection.cursor() as cursor:
        cursor.execute(_INDEX.format(rows=rows))
        cursor.execute(_ENROL.format(rows=rows))
        return int(cursor.rowcount)


def correct_all(*, rows: str) -> int:
    """The identity sealed anew for each row of a temporary table (`person_id`, `sealed_identity`, `language`)."""
    with connection.cursor() as cursor:
        cursor.execute(_CORRECT.format(rows=rows))
        return int(cursor.rowcount)


def add_number(*, person_id: UUID, find_key: bytes) -> bool:
    """One more number that finds this person: a waiting number became a NIR. False if somebody has it.

    A line in the person's journal tells it (ID-1).
    """
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [find_key, person_id])
        is_new = bool(cursor.rowcount == 1)
    if is_new:
        set_context(person_id)
        journal(person_id, SYSTEM, "identity_changed", "ID-1")
    return is_new


def move_number(*, find_key: bytes, person_id: str) -> None:
    """From now on this number finds another person: two rows were one person."""
    with connection.cursor() as cursor:
        cursor.execute(_DROP, [find_key])
        cursor.execute(_ADD, [find_key, person_id])


def set_aside(*, person_id: str) -> None:
    """A row that turned out to be somebody else's: its window, if any, ends without opening anything."""
    with connection.cursor() as cursor:
        cursor.execute(_SET_ASIDE, [person_id])


_SET_ASIDE: Final = (
    "UPDATE spaces_space SET state = 'not_informed', informed_at = NULL, deadline_at = NULL"
    " WHERE person_id = %s AND state IN ('not_informed', 'informed')"
)
_ADD: Final = "INSERT INTO spaces_identity_index (find_key, person_id) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_DROP: Final = "DELETE FROM spaces_identity_index WHERE find_key = %s"
