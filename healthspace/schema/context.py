"""Tells PostgreSQL for whom this transaction works, so that row-level security can hold."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import connection

from healthspace.common import clock
from healthspace.common.ids import NIL

Level = Literal["none", "gate", "holder", "representative", "author", "professional", "attending", "emergency"]


def entering_sql(person_id: UUID, *, at: datetime, level: Level = "gate") -> str:
    """The literal `SET LOCAL`s of an act; values are ours (a UUID, a word, an instant).

    Literal because Citus forwards no other form to its shards (storage 4.3).
    """
    return (
        f"SET LOCAL app.person = '{person_id}'; SET LOCAL app.level = '{level}'; SET LOCAL app.at = '{at.isoformat()}'"
    )


def lowering_sql(level: Level, *, actor_id: UUID | None, place_id: UUID | None) -> str:
    """The literal `SET LOCAL`s that go from deciding to reading as the asker."""
    return (
        f"SET LOCAL app.level = '{level}'; SET LOCAL app.actor = '{actor_id or NIL}';"
        f" SET LOCAL app.place = '{place_id or NIL}'"
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
        cursor.execute(
            f"{entering_sql(person_id, at=clock.now())}; {lowering_sql(level, actor_id=actor_id, place_id=place_id)}"
        )


def one_at_a_time(about: str, person_id: UUID) -> None:
    """Until the transaction ends nobody else acts about this matter of this person, so that a counted limit holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{about} {person_id}"])
