"""What was noted already, so that taking something over twice leaves one line."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import connection

_ITEMS: Final = "SELECT item_id FROM audit_event WHERE person_id = %s AND kind = %s AND item_id IS NOT NULL"


def noted_items(*, person_id: UUID, kind: str) -> frozenset[UUID]:
    """The items that lines of this kind are about, in a transaction whose context is this person."""
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, [person_id, kind])
        return frozenset(item for (item,) in cursor.fetchall())
