"""What enrolment keeps of a destroyed space: a row that says the person was enrolled once, without who it is."""

from __future__ import annotations

from uuid import UUID

from healthspace.enrolment.models import Answer, Enrollee
from healthspace.enrolment.models.contact import Contact


def erase(*, person_id: UUID) -> None:
    """Empty what was sealed about this person, in the transaction and context of the destruction (CLO-2)."""
    Enrollee.objects.filter(person_id=person_id).update(sealed=b"", card_key=None)
    Contact.objects.filter(person_id=person_id).delete()
    Answer.objects.filter(person_id=person_id).update(sealed=b"")
