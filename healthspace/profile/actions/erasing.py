"""What is left of the profile of a destroyed space: nothing."""

from __future__ import annotations

from uuid import UUID

from healthspace.profile.models import CareHistory, Entry


def erase(*, person_id: UUID) -> None:
    """Delete every entry and the care history, in the transaction and context of the destruction (CLO-2)."""
    Entry.objects.filter(person_id=person_id).delete()
    CareHistory.objects.filter(person_id=person_id).delete()
