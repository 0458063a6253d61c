"""Tells PostgreSQL for whom this transaction works, so that row-level security can hold."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from django.db import connection

from healthspace.common import clock
from healthspace.common.ids import NIL

Level = Literal["none", "gate", "holder", "representative", "author", "professional", "attending", "emergency"]
SETTINGS: Final = 5


def context_sql(
    person_id: UUID,
    *,
    level: Level,
    at: datetime,
    actor_id: UUID | None = None,
    place_id: UUID | None = None,
) -> str:
    """The `SETTINGS` literal `SET LOCAL`s; values are UUIDs, words and an instant of ours.

    Literal because Citus forwards no other form to its shards (storage 4.3).
    """
    return (
        f"SET LOCAL app.person = '{person_id}'; SET LOCAL app.level = '{level}';"
        f" SET LOCAL app.actor = '{actor_id or NIL}'; SET LOCAL app.place = '{place_id or NIL}';"
        f" SET LOCAL app.at = '{at.isoformat()}'"
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
        cursor.execute(context_sql(person_id, level=level, at=clock.now(), actor_id=actor_id, place_id=place_id))
