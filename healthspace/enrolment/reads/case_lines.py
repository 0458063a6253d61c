"""The open cases as the worker's last count left them for the operator's pages: kinds and days, nobody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

SHOWN: Final = 50
_LINES: Final = (
    "SELECT kind, case_id, opened_at FROM enrolment_case_line"
    " WHERE as_of = (SELECT max(as_of) FROM enrolment_case_line) ORDER BY kind, opened_at, case_id"
)
_HOW_MANY: Final = (
    "SELECT key, number FROM enrolment_tally WHERE subject = 'cases'"
    " AND as_of = (SELECT max(as_of) FROM enrolment_tally)"
)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One open case."""

    case_id: UUID
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class CaseKind:
    """The cases of one kind: how many wait in all, and the oldest of them."""

    kind: str
    number: int
    oldest: tuple[CaseLine, ...]


def case_kinds() -> tuple[CaseKind, ...]:
    """What waits for a decision, the kind with the oldest case first."""
    lines: dict[str, list[CaseLine]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_HOW_MANY)
        numbers = dict(cursor.fetchall())
        cursor.execute(_LINES)
        for kind, case_id, opened_at in cursor.fetchall():
            lines.setdefault(kind, []).append(CaseLine(case_id, opened_at))
    kinds = [CaseKind(kind, max(numbers.get(kind, 0), len(some)), tuple(some)) for kind, some in lines.items()]
    return tuple(sorted(kinds, key=lambda one: (one.oldest[0].opened_at, one.kind)))
