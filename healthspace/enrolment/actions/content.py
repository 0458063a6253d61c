"""Noting what a space holds on its first day: an older record, a history of care."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import connection

from healthspace.schema.many import Persons

_CARE: Final = (
    "UPDATE enrolment_enrollee SET has_care_history = true WHERE person_id = ANY(%s) AND NOT has_care_history"
)
_OLD: Final = "UPDATE enrolment_enrollee SET has_old_record = true WHERE person_id = ANY(%s) AND NOT has_old_record"


def note_care_history(person_ids: Iterable[UUID]) -> int:
    """These persons have a history of reimbursed care; how many are new. For the worker's role."""
    return _note(_CARE, person_ids)


def note_old_record(person_ids: Iterable[UUID]) -> int:
    """An older record was moved in for these persons; how many are new. For the worker's role."""
    return _note(_OLD, person_ids)


def _note(statement: str, person_ids: Iterable[UUID]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, [Persons.of(person_ids).array])
        return int(cursor.rowcount)
