"""What enrolment keeps of a destroyed space: a row that says the person was enrolled once, without who it is."""

from __future__ import annotations

from uuid import UUID

from healthspace.enrolment.models import Answer, AwaitedParent, Case, Code, Dependant, EarlierPlace, Enrollee
from healthspace.enrolment.models.contact import Contact


def erase(*, person_id: UUID) -> None:
    """Empty what was kept about this person, in the transaction and context of the destruction (CLO-2).

    What stays is only counted: department, year of birth, batch, that there was an answer or a case. For the worker.
    """
    row = Enrollee.objects.filter(person_id=person_id)
    for parents in row.values_list("parent_id", "other_parent_id"):
        Dependant.objects.filter(person_id__in=[one for one in parents if one], id=person_id).delete()
    for model in (Dependant, AwaitedParent, Code, EarlierPlace, Contact):
        model.objects.filter(person_id=person_id).delete()
    row.update(
        sealed=b"",
        row_key=b"",
        born_key=b"",
        card_key=None,
        parent_id=None,
        other_parent_id=None,
        attending_id=None,
        place_in_batch=None,
        has_old_record=False,
        has_care_history=False,
    )
    Answer.objects.filter(person_id=person_id).update(sealed=b"", by_person_id=None, agent_id=None)
    Case.objects.filter(person_id=person_id).update(other_id=None, details={})
