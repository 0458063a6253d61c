"""Coming of age: told to the child and to each parent three months, one month, one day before, and on the day (CHI-6).

Nothing here ends or opens anything: the mandate's own end does, at the instant itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from django.db import connection, transaction

from healthspace.access import events, rules
from healthspace.access.rules import MajorityStep
from healthspace.common import clock
from healthspace.common.errors import HealthspaceError, Refused
from healthspace.outbox import actions as outbox
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces

PORTION: Final = 2000
AHEAD: Final = timedelta(days=93)
BEHIND: Final = timedelta(days=32)
_LOG: Final = logging.getLogger(__name__)
# A mandate that was ended before still says by its `ends_at` when its child comes of age: told too, the parent not.
_NEAR: Final = (
    "SELECT person_id, max(ends_at), array_agg(id ORDER BY id) FILTER (WHERE ended_at IS NULL)"
    " FROM access_mandate WHERE kind = 'parent' AND ends_at > %s AND ends_at <= %s AND person_id > %s"
    " GROUP BY person_id ORDER BY person_id LIMIT %s"
)
_KNOWN: Final = (
    "SELECT person_id, id FROM access_majority_told WHERE person_id = ANY(%s::uuid[]) AND id = ANY(%s::uuid[])"
)
_TOLD: Final = "INSERT INTO access_majority_told (person_id, id, told_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Told:
    """A child that was told something just now; `step` as `rules.majority_step`."""

    child_id: UUID
    step: MajorityStep


@dataclass(frozen=True, slots=True)
class _Near:
    child_id: UUID
    parents: tuple[UUID, ...]
    step: MajorityStep

    @property
    def everybody(self) -> tuple[UUID, ...]:
        return (self.child_id, *self.parents)

    @property
    def mark(self) -> UUID:
        """The same for every run: the second one changes nothing."""
        return uuid5(self.child_id, f"majority|{self.step}")


def tell_majorities(*, at: datetime | None = None, then: Callable[[Told], None] = lambda _told: None) -> list[Told]:
    """One daily turn; whom it told something new. For the worker's role; twice is once, a crash in between too.

    `then` runs in the transaction and context of each child that is told: both are kept, or neither. One that
    cannot be told stops none of the others, and is tried again with the next turn.
    """
    at = at or clock.now()
    return [
        Told(one.child_id, one.step)
        for portion in _portions(at)
        for one in portion
        if _tried(one, at, then)
    ]  # fmt: skip


def _tried(one: _Near, at: datetime, then: Callable[[Told], None]) -> bool:
    try:
        return _tell(one, at, then)
    except HealthspaceError as error:
        _LOG.error("a coming of age could not be told: %s", error.code)
        return False


def _portions(at: datetime) -> Iterator[list[_Near]]:
    last = UUID(int=0)
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_NEAR, [at - BEHIND, at + AHEAD, last, PORTION])
            rows = cursor.fetchall()
            if not rows:
                return
            near = [_Near(row[0], tuple(row[2] or ()), rules.majority_step(row[1], at)) for row in rows]
            near = [one for one in near if one.step]
            fresh = _without_told(near)
        yield fresh
        last = rows[-1][0]


def _without_told(near: Sequence[_Near]) -> list[_Near]:
    """Whom there is something left to tell, before anybody's transaction is opened."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [[p for one in near for p in one.everybody], [one.mark for one in near]])
        known = set(cursor.fetchall())
    return [one for one in near if any((person, one.mark) not in known for person in one.everybody)]


@transaction.atomic
def _tell(one: _Near, at: datetime, then: Callable[[Told], None]) -> bool:
    """Child and parents in one transaction; nobody whose own space, or the child's, is not open."""
    set_context(one.child_id)
    if not _is_open(one.child_id):
        return False
    is_new = False
    for person_id in one.everybody:
        set_context(person_id)
        if not _is_open(person_id):
            continue
        with connection.cursor() as cursor:
            cursor.execute(_TOLD, [person_id, one.mark, at])
            if cursor.rowcount != 1:
                continue
        outbox.publish(person_id=person_id, fact=events.MajorityNear(person_id, one.step, one.child_id))
        is_new = is_new or person_id == one.child_id
    if is_new:
        set_context(one.child_id)
        then(Told(one.child_id, one.step))
    return is_new


def _is_open(person_id: UUID) -> bool:
    try:
        return spaces.state(person_id).is_open
    except Refused:
        return False
