"""Opening by law at the end of the six weeks (ENR-3): set-based, in parallel, again after any stop.

A batch is opened in steps of places; each step is one transaction: who was told and not refused, the spaces,
their journal lines, the attending doctors, and how far the batch is. The batch's row is locked with SKIP
LOCKED, so several openers share the batches. No fact is published: the letter told it, and nobody listens.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from healthspace.access import actions as access
from healthspace.audit import actions as audit
from healthspace.common import clock, fault
from healthspace.enrolment.reads import families
from healthspace.enrolment.rules import delays
from healthspace.schema.many import Persons
from healthspace.spaces import actions as spaces

KIND: Final = "space_opened_by_law"
PLACES_AT_ONCE: Final = 20_000
CAME_BACK_WITHIN: Final = timedelta(days=delays.CAME_BACK_DAYS)
_CLAIM: Final = (
    "SELECT b.id, b.opened_up_to,"
    " (SELECT coalesce(max(place_in_batch), 0) FROM enrolment_enrollee WHERE batch_id = b.id)"
    " FROM enrolment_batch b JOIN enrolment_wave w ON w.id = b.wave_id"
    " WHERE b.opened_at IS NULL AND b.deadline_at <= %s AND b.state = 'sent' AND w.state <> 'stopped'"
    " ORDER BY b.deadline_at, b.id LIMIT 1 FOR UPDATE OF b SKIP LOCKED"
)
# A child leaves the batch with its parent when their letter comes back, so each row says it for itself.
_TOLD: Final = (
    "SELECT array_agg(person_id)::text, count(*), array_agg(person_id) FILTER (WHERE attending_id IS NOT NULL)::text,"
    " array_agg(attending_id) FILTER (WHERE attending_id IS NOT NULL)::text, count(attending_id)"
    " FROM enrolment_enrollee WHERE batch_id = %s AND place_in_batch >= %s AND place_in_batch < %s"
    " AND information = 'sent' AND merged_into IS NULL"
)
_MOVE_ON: Final = "UPDATE enrolment_batch SET opened_up_to = %s, opened_at = %s WHERE id = %s"
_CAME_BACK: Final = (
    "SELECT array_agg(person_id)::text, count(*), array_agg(person_id) FILTER (WHERE attending_id IS NOT NULL)::text,"
    " array_agg(attending_id) FILTER (WHERE attending_id IS NOT NULL)::text, count(attending_id) FROM"
    " (SELECT DISTINCT a.person_id, e.attending_id FROM enrolment_answer a"
    " JOIN enrolment_enrollee e ON e.person_id = a.person_id LEFT JOIN enrolment_batch b ON b.id = e.batch_id"
    " LEFT JOIN enrolment_wave w ON w.id = b.wave_id"
    " WHERE a.at > %s AND (a.kind = 'withdrawn' OR a.undone_at IS NOT NULL)"
    " AND w.state IS DISTINCT FROM 'stopped') AS back"
)


@dataclass(frozen=True, slots=True)
class Opened:
    """What one opening did: spaces opened, batches finished, people told who had another state."""

    spaces: int = 0
    batches: int = 0
    others: int = 0
    seconds: float = 0.0

    def __add__(self, more: Opened) -> Opened:
        return Opened(
            self.spaces + more.spaces,
            self.batches + more.batches,
            self.others + more.others,
            self.seconds + more.seconds,
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """Whom to open, and beside them those with an attending doctor, and these doctors."""

    persons: Persons
    with_doctor: Persons
    doctors: Persons

    @classmethod
    def found(cls, row: tuple[str | None, int, str | None, str | None, int] | None) -> _Told:
        persons, count, with_doctor, doctors, tied = row or (None, 0, None, None, 0)
        return cls(Persons.found((persons, count)), Persons.found((with_doctor, tied)), Persons.found((doctors, tied)))


@dataclass(frozen=True, slots=True)
class _Step:
    batch_id: int
    start: int
    stop: int
    last: int


def open_due(*, at: datetime | None = None, progress: Callable[[int], None] = lambda done: None) -> Opened:
    """Open every space whose window ended at `at` (now) or before; safe twice, in parallel, after a kill.

    For the worker's role. `progress` is told how many spaces are open so far.
    """
    at, began, total = at or clock.now(), time.monotonic(), Opened()
    while (step := open_step(at=at)) is not None:
        total += step
        progress(total.spaces)
    total += open_came_back(at=at)
    return replace(total, seconds=round(time.monotonic() - began, 3))


def open_some() -> int:
    """One step of the timed job: a batch's next places, else those who took a refusal back; how many opened."""
    at = clock.now()
    step = open_step(at=at)
    return max(step.spaces, 1) if step is not None else open_came_back(at=at).spaces


def open_step(*, at: datetime, places: int = PLACES_AT_ONCE) -> Opened | None:
    """The next places of one due batch that nobody else is opening, in one transaction; None when there is none."""
    with transaction.atomic():
        step = _claim(at, places)
        if step is None:
            return None
        told = _told(step)
        opened = _open(told, at)
        is_last = step.stop > step.last
        with connection.cursor() as cursor:
            cursor.execute(_MOVE_ON, [step.stop, clock.now() if is_last else None, step.batch_id])
        fault.point("opening.before_commit")
    fault.point("opening.after_commit")
    return Opened(opened, int(is_last), told.persons.count - opened)


def open_came_back(*, at: datetime) -> Opened:
    """Those who took a refusal back after their batch was opened: their old deadline is past, so they open now."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_CAME_BACK, [at - CAME_BACK_WITHIN])
            found = _Told.found(cursor.fetchone())
        return Opened(_open(found, at))


def _claim(at: datetime, places: int) -> _Step | None:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [at])
        row = cursor.fetchone()
    return _Step(row[0], row[1], row[1] + places, row[2]) if row else None


def _told(step: _Step) -> _Told:
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [step.batch_id, step.start, step.stop])
        return _Told.found(cursor.fetchone())


def _open(told: _Told, at: datetime) -> int:
    opened = spaces.open_due(told.persons, at=at)
    if opened.count:
        fault.point("opening.after_spaces")
        audit.record_all(opened, kind=KIND, at=at)
        if told.doctors.count:
            access.attend_all(told.with_doctor, told.doctors, among=opened, at=at)
        access.represent_all(families.pairs(opened, at=at), at=at)
    return opened.count
