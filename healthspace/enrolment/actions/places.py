"""Places in a batch: one for each person, a letter's people side by side. For the worker's role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from healthspace.common.errors import Conflict

FIRST: Final = 1
# `coalesce` keeps PostgreSQL from reading all who wait for the few who are placed.
# Whoever left an earlier letter for this one may still send back the slip of the earlier.
_PLACE: Final = (
    "UPDATE enrolment_enrollee e SET batch_id = %s, wave_id = %s, place_in_batch = v.place, information = 'prepared',"
    " channel = CASE WHEN e.channel = 'parent' THEN e.channel ELSE %s END"
    " FROM unnest(%s::uuid[], %s::int[]) AS v(person_id, place)"
    " WHERE e.person_id = v.person_id AND e.id = v.person_id AND coalesce(e.batch_id, 0) = 0"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter or mail to come: to whom, whether it tells them about themselves, and about which children."""

    addressee_id: UUID
    children: tuple[UUID, ...] = ()
    is_about_addressee: bool = True

    @property
    def people(self) -> tuple[UUID, ...]:
        """Whom it is about, in the order of their places."""
        return (self.addressee_id, *self.children) if self.is_about_addressee else self.children


def place(batch_id: int, wave_id: int, channel: str, drafts: Sequence[Draft]) -> list[UUID]:
    """Give each person a place of the batch; the persons in that order. Conflict when one is placed meanwhile."""
    person_ids = [one for draft in drafts for one in draft.people]
    places = list(range(FIRST, FIRST + len(person_ids)))
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [batch_id, wave_id, channel, person_ids, places])
        if cursor.rowcount != len(person_ids):
            raise Conflict("somebody else drafts the same wave")
    return person_ids
