"""When somebody was last sent a letter or a code."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from healthspace.enrolment.models import Code


def last_code_at(person_id: UUID) -> datetime | None:
    """When the last code was made for this person, in their context; None when none ever was."""
    rows = Code.objects.filter(person_id=person_id, purpose__in=("answer", "recover", "own_way")).order_by("-issued_at")
    return rows.values_list("issued_at", flat=True).first()
