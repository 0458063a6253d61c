"""What a person must look at, oldest first; for the operator, as the worker's role."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

_OPEN: Final = (
    "SELECT id, person_id, kind, details, opened_at FROM enrolment_case WHERE settled_at IS NULL"
    " AND (%s = '' OR kind = %s) ORDER BY opened_at, id LIMIT %s"
)

_ONE: Final = (
    "SELECT kind, person_id, other_id FROM enrolment_case WHERE id = %s AND settled_at IS NULL"
    " AND (%s::uuid IS NULL OR person_id = %s)"
)
TOLD: Final = ("file", "page", "reason")


@dataclass(frozen=True, slots=True)
class CaseCard:
    """One open case: pseudonyms, a kind, codes; no name and nothing of anybody's health."""

    id: UUID
    person_id: UUID
    kind: str
    details: Mapping[str, object]
    opened_at: datetime


def open_cases(*, kind: str = "", limit: int = 1000) -> tuple[CaseCard, ...]:
    """The cases nobody settled yet, of one kind or of all."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [kind, kind, limit])
        return tuple(CaseCard(row[0], row[1], row[2], _read(row[3]), row[4]) for row in cursor.fetchall())


@dataclass(frozen=True, slots=True)
class CaseOf:
    """Whom an open case is about: one person, or two."""

    kind: str
    person_id: UUID
    other_id: UUID | None


def open_case(case_id: UUID, person_id: UUID | None = None) -> CaseOf | None:
    """This case while nobody settled it: of this person in their context, of anybody for the worker's role."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE, [case_id, person_id, person_id])
        row = cursor.fetchone()
    return CaseOf(*row) if row else None


def _read(details: Mapping[str, object] | str) -> Mapping[str, object]:
    """Where a scan lies and what is wrong with it; a bare cursor gives JSON as text."""
    given = json.loads(details) if isinstance(details, str) else details
    return {name: given[name] for name in TOLD if name in given}
