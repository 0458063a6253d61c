"""Noting what a space holds on its first day: an older record, a history of care; and closing it on a refusal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import connection

from healthspace.enrolment.models import Answer, Enrollee
from healthspace.enrolment.reads import proofs, registry
from healthspace.schema.many import Persons
from healthspace.vault.reads import Sealer

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


def has_content(person_id: UUID) -> bool:
    """True when an older record or a history of care was taken in, in the person's context."""
    row = Enrollee.objects.filter(person_id=person_id, id=person_id).first()
    return row is not None and (row.has_old_record or row.has_care_history)


def reseal(person_id: UUID, before: Sealer, after: Sealer) -> None:
    """Seal anew what a code that takes the refusal back needs: where the person lives, what was answered.

    In the transaction and context of the closing (ENR-10).
    """
    for row in Enrollee.objects.filter(person_id=person_id, id=person_id).exclude(sealed=b""):
        plain = before.unseal(bytes(row.sealed), item=person_id, part=registry.PART)
        sealed = after.seal(plain, item=person_id, part=registry.PART)
        Enrollee.objects.filter(person_id=person_id, id=person_id).update(sealed=sealed)
    for answer in Answer.objects.filter(person_id=person_id).exclude(sealed=b""):
        plain = before.unseal(bytes(answer.sealed), item=answer.id, part=proofs.PART)
        sealed = after.seal(plain, item=answer.id, part=proofs.PART)
        Answer.objects.filter(person_id=person_id, id=answer.id).update(sealed=sealed)


def _note(statement: str, person_ids: Iterable[UUID]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, [Persons.of(person_ids).array])
        return int(cursor.rowcount)
