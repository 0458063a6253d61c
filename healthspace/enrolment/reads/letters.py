"""The letters and mails of a batch, made again from its rows and its secret. For the worker's role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db import connection

from healthspace.common import clock
from healthspace.enrolment.reads import addressees as people
from healthspace.enrolment.rules import codes, references
from healthspace.enrolment.rules.claims import is_minor
from healthspace.vault import reads as vault

AT_ONCE: Final = 2000
_ROWS: Final = (
    "SELECT place_in_batch, person_id, channel, parent_id FROM enrolment_enrollee"
    " WHERE batch_id = %s AND place_in_batch >= %s ORDER BY place_in_batch LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class Told:
    """One person a letter is about: the plain code, and the reference of their own."""

    person_id: UUID
    name: str
    born_on: date
    code: str
    reference: str
    is_child: bool

    @property
    def slip(self) -> str:
        """What the square on their own slip says."""
        return references.slip(self.reference, slip_mark(self.reference))


@dataclass(frozen=True, slots=True)
class Composed:
    """One letter or mail; `place` names it, `next_place` is where the next one begins."""

    place: int
    next_place: int
    reference: str
    addressee: people.Addressee
    people: tuple[Told, ...]

    @property
    def still_told(self) -> tuple[Told, ...]:
        """Whom the letter is about on the day it leaves: without an addressee who answered meanwhile."""
        if self.addressee.can_be_told or self.people[0].is_child:
            return self.people
        return tuple(one for one in self.people if one.is_child)


@dataclass(frozen=True, slots=True)
class _Row:
    place: int
    person_id: UUID
    addressee_id: UUID


def compose(batch_id: int, secret: bytes, *, on: date | None = None, start: int = 0) -> Iterator[Composed]:
    """The letters of a batch in the order of places, from the first that begins at `start` or after.

    Whoever left the batch, was merged or lost the key meanwhile is not on them any more; nor who is of age
    `on` the day it leaves (today) and stands on a parent's (CHI-6).
    """
    on = on or clock.today()
    while rows := _rows(batch_id, start):
        groups = [list(group) for _, group in groupby(rows, key=lambda row: row.addressee_id)]
        if len(rows) == AT_ONCE and len(groups) > 1:
            groups.pop()  # it may go on in the next portion
        yield from _composed(batch_id, secret, groups, on)
        start = groups[-1][-1].place + 1


def heads(batch_id: int, *, start: int = 0) -> Iterator[int]:
    """The places at which the letters of a batch begin, from `start` on."""
    before: UUID | None = None
    while rows := _rows(batch_id, start):
        for row in rows:
            if row.addressee_id != before:
                yield row.place
            before, start = row.addressee_id, row.place + 1


def _rows(batch_id: int, start: int) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [batch_id, start, AT_ONCE])
        return [_row(*row) for row in cursor.fetchall()]


def _row(place: int, person_id: UUID, channel: str, parent_id: UUID | None) -> _Row:
    return _Row(place, person_id, parent_id if channel == "parent" and parent_id else person_id)


def _composed(batch_id: int, secret: bytes, groups: Sequence[Sequence[_Row]], on: date) -> Iterator[Composed]:
    known = people.addressees({one for group in groups for row in group for one in (row.person_id, row.addressee_id)})
    for group in groups:
        addressee = known.get(group[0].addressee_id)
        told = tuple(_told(batch_id, secret, row, known) for row in group if _is_on_it(row, known, on))
        if addressee is None or not told:
            continue
        yield Composed(
            place=group[0].place,
            next_place=group[-1].place + 1,
            reference=references.of(batch_id, group[0].place),
            addressee=addressee,
            people=told,
        )


def _is_on_it(row: _Row, known: dict[UUID, people.Addressee], on: date) -> bool:
    one = known.get(row.person_id)
    if one is None:
        return False
    return row.person_id == row.addressee_id or is_minor(one.identity.traits.born_on, on)


def _told(batch_id: int, secret: bytes, row: _Row, known: dict[UUID, people.Addressee]) -> Told:
    identity: Any = known[row.person_id].identity
    return Told(
        person_id=row.person_id,
        name=identity.name,
        born_on=identity.traits.born_on,
        code=codes.derive(secret, row.person_id),
        reference=references.of(batch_id, row.place),
        is_child=row.person_id != row.addressee_id,
    )


def slip_mark(reference: str) -> str:
    """What nobody can invent for a slip: 16 hexadecimal signs."""
    return vault.find_key("slip", reference).hex()[: references.SLIP_MARK]
