"""Waves and batches: who waits, how far each is. For the worker's role and the operator's pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from healthspace.common.errors import Conflict, Refused
from healthspace.enrolment.models import Batch, Wave
from healthspace.enrolment.rules import departments as france

# The index of those who wait: department, birth year.
_WAITING: Final = (
    "SELECT person_id FROM enrolment_enrollee WHERE department = %s AND batch_id IS NULL AND merged_into IS NULL"
    " AND (channel = 'parent') = %s AND birth_year BETWEEN %s AND %s"
)
# Shared: several may draft at once, and none while the wave is being paused.
_HOLD: Final = "SELECT 1 FROM enrolment_wave WHERE id = %s FOR SHARE"
_ANYBODY: Final = " AND (wave_id IS NULL OR wave_id = %s)"
_LISTED: Final = " AND wave_id = %s"
_AT: Final = (
    "SELECT person_id FROM enrolment_enrollee WHERE batch_id = %s AND place_in_batch = %s"
    " UNION ALL SELECT person_id FROM enrolment_earlier_place WHERE batch_id = %s AND place_in_batch = %s LIMIT 1"
)
_SUMS: Final = (
    "SELECT w.id, w.name, ARRAY(SELECT jsonb_array_elements_text(w.departments)), w.born_from, w.born_to,"
    " w.list_name, w.starts_on, w.per_day, w.state, count(b.id), coalesce(sum(b.letters), 0),"
    " coalesce(sum(b.persons), 0), coalesce(sum(b.letters) FILTER (WHERE b.state = 'sent'), 0),"
    " coalesce(sum(b.bounced), 0), coalesce(sum(b.returned), 0) FROM enrolment_wave w"
    " LEFT JOIN enrolment_batch b ON b.wave_id = w.id AND b.state <> 'cancelled'"
    " WHERE w.id = %s OR %s::bigint IS NULL GROUP BY w.id ORDER BY w.starts_on, w.id"
)


@dataclass(frozen=True, slots=True)
class WaveCard:
    """A wave as the operator sees it, with the sums of its batches."""

    id: int
    name: str
    departments: tuple[str, ...]
    born_from: int | None
    born_to: int | None
    list_name: str
    starts_on: date
    per_day: int | None
    state: str
    batches: int
    letters: int
    persons: int
    sent: int
    bounced: int
    returned: int


@dataclass(frozen=True, slots=True)
class BatchCard:
    """A batch as the operator sees it."""

    id: int
    channel: str
    state: str
    letters: int
    persons: int
    sent_up_to: int
    planned_on: date | None
    sent_at: datetime | None
    deadline_at: datetime | None
    bounced: int
    returned: int
    checksum: str


def by_name(name: str) -> int:
    """The number of the wave of this name; Refused when there is none."""
    wave = Wave.objects.filter(name=name).first()
    if wave is None:
        raise Refused("ABSENT")
    return wave.id


def running(wave_id: int, *, is_held: bool = False) -> Wave:
    """The wave, which must be running (held against a pause until the transaction ends, if asked); else Conflict."""
    if is_held:
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, [wave_id])
    wave = Wave.objects.filter(id=wave_id).first()
    if wave is None:
        raise Refused("ABSENT")
    if wave.state != Wave.State.RUNNING:
        raise Conflict(f"a wave that is {wave.state} is not drafted or sent")
    return wave


def departments_of(wave: Wave) -> list[str]:
    """Its departments; all of France when it names none."""
    return list(wave.departments or france.NAMES)


def waiting(wave: Wave, department: str, at_once: int, *, channel: str = "") -> Iterator[bytes]:
    """Who of this department waits for this wave, in portions for `each`; inside a transaction.

    `channel="parent"`: the children, of whom no birth years are asked (they are told when a parent was).
    """
    only_children = channel == "parent"
    years = (0, 9999) if only_children else (wave.born_from or 0, wave.born_to or 9999)
    query = _WAITING + (_LISTED if wave.list_name else _ANYBODY)
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, [department, only_children, *years, wave.id])
        while rows := cursor.fetchmany(at_once):
            yield b"".join([row[0].bytes for row in rows])


def each(portion: bytes) -> list[UUID]:
    """The persons of a portion: 16 bytes each, because a department has millions."""
    return [UUID(bytes=portion[start : start + 16]) for start in range(0, len(portion), 16)]


def waves() -> list[WaveCard]:
    """All waves, in the order of their first days."""
    return _found(None)


def wave(wave_id: int) -> WaveCard:
    """One wave; Refused when there is none of this number."""
    found = _found(wave_id)
    if not found:
        raise Refused("ABSENT")
    return found[0]


def names() -> Mapping[str, str]:
    """The name of each wave by its number, as text."""
    return {str(number): name for number, name in Wave.objects.values_list("id", "name")}


def batches(wave_id: int, *, after: int = 0, limit: int | None = None) -> list[BatchCard]:
    """The batches of a wave, oldest first: those after this one, at most so many."""
    rows: Any = Batch.objects.filter(wave_id=wave_id, id__gt=after).order_by("id")
    names = list(BatchCard.__dataclass_fields__)
    return [BatchCard(*row) for row in rows.values_list(*names)[:limit]]


def person_at(batch_id: int, place: int) -> UUID | None:
    """Who stands or stood at this place of a batch, also when told anew since; None for nobody."""
    with connection.cursor() as cursor:
        cursor.execute(_AT, [batch_id, place, batch_id, place])
        row = cursor.fetchone()
    return row[0] if row else None


def _found(wave_id: int | None) -> list[WaveCard]:
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [wave_id, wave_id])
        rows: list[Any] = [
            (*row[:2], tuple(row[2]), *row[3:9], *(int(number) for number in row[9:])) for row in cursor.fetchall()
        ]
    return [WaveCard(*row) for row in rows]
