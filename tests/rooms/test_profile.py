"""Clinical entries: kept once, read by whom the gate lets, sealed in the table."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Invalid, Refused
from healthspace.documents import actions as documents
from healthspace.profile import actions, reads
from healthspace.schema.context import set_context
from tests import people
from tests.factories.orders import order

ALLERGY = {
    "resourceType": "AllergyIntolerance",
    "id": "one",
    "code": {"text": "Pénicilline"},
    "patient": {"reference": "Patient/1"},
}


def test_keep__the_system_files_once_and_the_holder_reads() -> None:
    amina = people.amina()
    first = actions.keep(actor=SYSTEM, person_id=amina.person_id, resource=ALLERGY)
    assert actions.keep(actor=SYSTEM, person_id=amina.person_id, resource=ALLERGY) == first
    (entry,) = reads.entries(actor=amina.actor, person_id=amina.person_id)
    assert (entry.id, entry.resource_type, entry.resource) == (first, "AllergyIntolerance", ALLERGY)
    assert reads.counts(actor=amina.actor, person_id=amina.person_id) == {"AllergyIntolerance": 1}


def test_keep_all__counts_new_and_known() -> None:
    amina = people.amina()
    others = [{**ALLERGY, "id": str(number)} for number in range(5)]
    assert actions.keep_all(actor=SYSTEM, person_id=amina.person_id, resources=others) == actions.Kept(5, 0)
    again = [*others, {**ALLERGY, "id": "more"}]
    assert actions.keep_all(actor=SYSTEM, person_id=amina.person_id, resources=again) == actions.Kept(1, 5)


def test_keep__two_persons_may_use_one_source_id() -> None:
    amina, jeanne = people.amina(), people.jeanne()
    mine = actions.keep(actor=SYSTEM, person_id=amina.person_id, resource=ALLERGY)
    assert actions.keep(actor=SYSTEM, person_id=jeanne.person_id, resource=ALLERGY) != mine


def test_entries__stranger_is_refused() -> None:
    amina, paul = people.amina(), people.paul()
    actions.keep(actor=SYSTEM, person_id=amina.person_id, resource=ALLERGY)
    with pytest.raises(Refused):
        reads.entries(actor=paul.actor, person_id=amina.person_id)
    with pytest.raises(Refused):
        reads.counts(actor=paul.actor, person_id=amina.person_id)


def test_keep__stranger_is_refused() -> None:
    amina, paul = people.amina(), people.paul()
    with pytest.raises(Refused):
        actions.keep(actor=paul.actor, person_id=amina.person_id, resource=ALLERGY)
    assert reads.entries(actor=amina.actor, person_id=amina.person_id) == ()


def test_entries__doctor_reads_once_granted() -> None:
    amina, doctor = people.amina(), people.dr_nguyen()
    actions.keep(actor=SYSTEM, person_id=amina.person_id, resource=ALLERGY)
    with pytest.raises(Refused):
        reads.entries(actor=doctor.actor, person_id=amina.person_id)
    people.grant(amina, doctor)
    assert len(reads.entries(actor=doctor.actor, person_id=amina.person_id)) == 1


@pytest.mark.parametrize("resource", [{"resourceType": "Claim", "id": "1"}, {"resourceType": "Condition"}])
def test_keep__what_is_not_clinical_or_has_no_id_is_invalid(resource: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        actions.keep(actor=SYSTEM, person_id=people.amina().person_id, resource=resource)


def test_table__holds_no_word_in_clear() -> None:
    amina = people.amina()
    actions.keep(actor=SYSTEM, person_id=amina.person_id, resource=ALLERGY)
    with transaction.atomic(), connection.cursor() as cursor:
        set_context(amina.person_id)
        cursor.execute("SELECT sealed_resource FROM profile_entry WHERE person_id = %s", [amina.person_id])
        sealed = bytes(cursor.fetchone()[0])
    assert "Pénicilline".encode() not in sealed
    assert b"AllergyIntolerance" not in sealed


def test_entries__drawn_from_a_document_follow_it() -> None:
    amina, jeanne, hospital, doctor = people.leo(), people.jeanne(), people.rivemont(), people.dr_nguyen()
    people.grant(amina, doctor)
    codes = ({"MASQUE_PS"}, {"INVISIBLE_PATIENT"}, {"INVISIBLE_REPRESENTANTS_LEGAUX"}, set())
    for name, hidden in enumerate(codes):
        sent = order(amina, confidentiality=frozenset(hidden))
        receipt = documents.deposit(actor=hospital.actor, order=sent)
        drawn = {**ALLERGY, "id": str(name)}
        actions.keep(actor=SYSTEM, person_id=amina.person_id, resource=drawn, source_document_id=receipt.document_id)
    where = {"person_id": amina.person_id}
    for reader, names in (
        (amina.actor, {"0", "2", "3"}),
        (jeanne.representing(amina), {"0", "3"}),
        (doctor.actor, {"1", "2", "3"}),
    ):
        assert {entry.resource["id"] for entry in reads.entries(actor=reader, **where)} == names
        assert reads.counts(actor=reader, **where) == {"AllergyIntolerance": 3 if len(names) == 3 else 2}
