"""Many persons at once, for the mass work of the worker's role (ADR 0007)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.db import connection


def read_by_key() -> None:
    """In this transaction tables are read by their indexes, never whole.

    Until PostgreSQL first counted a table, it takes a thousand persons for half of a nation.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


@dataclass(frozen=True, slots=True)
class Persons:
    """Persons as the text of one PostgreSQL array, handed from room to room without being taken apart.

    Making twenty thousand `UUID`s and writing them out again costs as much as opening the spaces does.
    """

    array: str
    count: int

    @classmethod
    def of(cls, person_ids: Iterable[UUID] | Persons) -> Self | Persons:
        """These persons; what is an array already stays as it is."""
        if isinstance(person_ids, Persons):
            return person_ids
        words = [str(one) for one in person_ids]
        return cls("{" + ",".join(words) + "}", len(words))

    @classmethod
    def found(cls, row: tuple[str | None, int] | None) -> Self:
        """From a row of (array_agg(...)::text, count(*))."""
        array, count = row or (None, 0)
        return cls(array or "{}", count)

    def ids(self) -> list[UUID]:
        """One by one, where a few are wanted."""
        inside = self.array[1:-1]
        return [UUID(word) for word in inside.split(",")] if inside else []
