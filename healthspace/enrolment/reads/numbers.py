"""The operator's numbers, from the newest count: groups and rates, small ones left out; nothing of anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from django.db import connection

from healthspace.enrolment.rules import numbers as rules

Breakdown = Literal["department", "ages", "channel", "wave"]
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "waiting": ("not_informed",),
    "informed": ("informed",),
    "refused": ("opposed",),
    "opened": ("open_inactive",),
    "active": ("active",),
    "closed": ("suspended", "closed", "deletion_requested", "deleted"),
    "deceased": ("closed_deceased",),
}
ASKED: Final = ("informed", "refused", "opened", "active", "closed")
"""Groups of people who were told: what a refusal rate is a part of."""
_COLUMN: Final[Mapping[Breakdown, str]] = {
    "department": "department",
    "ages": "ages",
    "channel": "channel",
    "wave": "coalesce(wave_id, 0)",
}
_CHANNELS: Final = ["mail", "post", "parent", "none"]
_NEWEST: Final = "SELECT max(as_of) FROM enrolment_count"
_BY: Final = (
    "SELECT {column}, state, sum(persons), sum(empty_shells) FROM enrolment_count WHERE as_of = %s GROUP BY 1, 2"
)
_DAYS: Final = (
    f"SELECT as_of, state, sum(persons) FROM enrolment_count WHERE as_of > %s - interval '{rules.DAYS_SHOWN} days'"
    " GROUP BY 1, 2 ORDER BY 1"
)
_TALLIES: Final = (
    "SELECT subject, key, number FROM enrolment_tally WHERE as_of = (SELECT max(as_of) FROM enrolment_tally)"
    " ORDER BY subject, number DESC, key"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One group of people; None where a number is too small to be told."""

    key: str
    persons: int | None
    cells: Mapping[str, int | None]
    empty_shells: int | None

    @property
    def refusal_rate(self) -> float | None:
        """Refusals among those who were told, in percent."""
        return self._rate(self.cells["refused"], ASKED)

    @property
    def activation_rate(self) -> float | None:
        """Spaces in use among those that are open, in percent."""
        return self._rate(self.cells["active"], ("opened", "active"))

    @property
    def empty_rate(self) -> float | None:
        """Open spaces that hold nothing on day one, in percent."""
        return self._rate(self.empty_shells, ("opened", "active"))

    def _rate(self, part: int | None, groups: Iterable[str]) -> float | None:
        whole = [self.cells[group] for group in groups]
        if part is None or None in whole or not sum(filter(None, whole)):
            return None
        return 100 * part / sum(filter(None, whole))


@dataclass(frozen=True, slots=True)
class Day:
    """How many stood in each group at the end of a day."""

    on: date
    cells: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something stands so; None for 1 to 9."""

    key: str
    number: int | None


def counted_at() -> datetime | None:
    """When everybody was counted last; None before the first count."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        row = cursor.fetchone()
    return row[0] if row else None


def total(at: datetime) -> Row:
    """Everybody."""
    found = _found("department", at)
    cells = dict.fromkeys(GROUPS, 0)
    for row, _ in found.values():
        for group, number in zip(GROUPS, row, strict=True):
            cells[group] += number
    shells = sum(empty for _, empty in found.values())
    (told,) = rules.told([list(cells.values())])
    return Row("", sum(cells.values()), dict(zip(GROUPS, told, strict=True)), shells if rules.is_told(shells) else None)


def by(breakdown: Breakdown, at: datetime) -> tuple[Row, ...]:
    """Everybody by department, ages, channel of information or wave ("0": in none)."""
    found = _found(breakdown, at)
    keys = _ordered(breakdown, found)
    told = rules.told([found[key][0] for key in keys])
    shells = rules.told([_halves(*found[key]) for key in keys])
    persons = rules.told([[sum(found[key][0])] for key in keys])
    return tuple(
        Row(key, persons[place][0], dict(zip(GROUPS, told[place], strict=True)), shells[place][0])
        for place, key in enumerate(keys)
    )


def days(at: datetime) -> tuple[Day, ...]:
    """The last count of each of the last 90 days, everybody together, to the ten: one day tells of nobody."""
    out: dict[date, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, [at])
        for moment, state, persons in cursor.fetchall():
            cells = out.setdefault(moment.date(), dict.fromkeys(GROUPS, 0))
            cells[_group(state)] += int(persons)
    return tuple(Day(on, {group: round(number, -1) for group, number in cells.items()}) for on, cells in out.items())


def tallies() -> Mapping[str, tuple[Tally, ...]]:
    """By subject: codes by fate, refusals by channel, refusals taken back, open cases by kind, letters by fate."""
    out: dict[str, list[Tally]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TALLIES)
        for subject, key, number in cursor.fetchall():
            out.setdefault(subject, []).append(Tally(key, number if rules.is_told(number) else None))
    return {subject: tuple(cards) for subject, cards in out.items()}


def _found(breakdown: Breakdown, at: datetime) -> dict[str, tuple[list[int], int]]:
    """Key to (numbers in the order of GROUPS, empty shells)."""
    out: dict[str, tuple[dict[str, int], list[int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_BY.format(column=_COLUMN[breakdown]), [at])
        for key, state, persons, shells in cursor.fetchall():
            cells, empty = out.setdefault(str(key), (dict.fromkeys(GROUPS, 0), [0]))
            cells[_group(state)] += int(persons)
            empty[0] += int(shells)
    return {key: (list(cells.values()), empty[0]) for key, (cells, empty) in out.items()}


def _group(state: str) -> str:
    return next(group for group, states in GROUPS.items() if state in states)


def _halves(cells: list[int], shells: int) -> tuple[int, int]:
    numbers = dict(zip(GROUPS, cells, strict=True))
    return shells, numbers["opened"] + numbers["active"] - shells


def _ordered(breakdown: Breakdown, found: Mapping[str, Any]) -> list[str]:
    known = {"ages": rules.AGES, "channel": _CHANNELS}.get(breakdown)
    if known is not None:
        return [key for key in known if key in found]
    if breakdown == "wave":
        return sorted(found, key=lambda key: (key == "0", int(key)))
    return sorted(found)
