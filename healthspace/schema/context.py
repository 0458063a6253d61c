"""Tells PostgreSQL for whom this transaction works, so that row-level security can hold."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.db import connection

from healthspace.common.ids import NIL

Level = Literal[
    "none", "gate", "holder", "representative", "professional", "attending", "emergency"
]


def context_sql(
    person_id: UUID, *, level: Level, actor_id: UUID | None = None, place_id: UUID | None = None
) -> str:
    """The literal `SET LOCAL`s; values are UUIDs and words of ours, so nothing to escape.

    Literal because Citus forwards no other form to its shards (storage 4.3).
    """
    return (
        f"SET LOCAL app.person = '{person_id}'; SET LOCAL app.level = '{level}';"
        f" SET LOCAL app.actor = '{actor_id or NIL}'; SET LOCAL app.place = '{place_id or NIL}'"
    )


def set_context(
    person_id: UUID,
    *,
    level: Level = "gate",
    actor_id: UUID | None = None,
    place_id: UUID | None = None,
) -> None:
    """Work for this person until the transaction ends; outside of one it is an error."""
    if not connection.in_atomic_block:
        raise RuntimeError("row-level context needs a transaction")
    with connection.cursor() as cursor:
        cursor.execute(context_sql(person_id, level=level, actor_id=actor_id, place_id=place_id))
