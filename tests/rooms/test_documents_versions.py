"""A new version and the old one are hidden together, and go back to their author together."""

from __future__ import annotations

import pytest

from healthspace.common.errors import Invalid
from healthspace.documents import actions, reads
from tests import people
from tests.factories.orders import order
from tests.journeys.sheaf import prescription, subject
from tests.rooms.test_documents import allowed, titles


def test_mask__covers_the_version_replaced_and_the_one_that_replaces():
    amina, hospital = people.amina(), people.rivemont()
    doctor = allowed(amina, people.dr_nguyen())
    first = actions.deposit(actor=hospital.actor, order=order(amina, title="Un"))
    second = actions.replace(actor=hospital.actor, order=order(amina, title="Deux", replaces=str(first.document_id)))
    every = ("current", "superseded")
    assert set(titles(doctor.actor, amina, statuses=every)) == {"Un", "Deux"}
    actions.mask(actor=amina.actor, person_id=amina.person_id, document_id=second.document_id)
    assert titles(doctor.actor, amina, statuses=every) == []
    actions.replace(actor=hospital.actor, order=order(amina, title="Trois", replaces=str(second.document_id)))
    assert titles(doctor.actor, amina, statuses=every) == []
    assert titles(amina.actor, amina) == ["Trois"]


def test_replace__what_parents_do_not_see_stays_unseen_in_its_new_version():
    leo, jeanne, hospital = people.leo(), people.jeanne(), people.rivemont()
    secret = frozenset({"INVISIBLE_REPRESENTANTS_LEGAUX"})
    first = actions.deposit(actor=hospital.actor, order=order(leo, confidentiality=secret))
    actions.replace(actor=hospital.actor, order=order(leo, replaces=str(first.document_id)))
    mother = jeanne.representing(leo)
    assert titles(mother, leo, statuses=("current", "superseded")) == []
    shown = reads.journal(actor=mother, person_id=leo.person_id, is_act=False)
    assert not {entry.kind for entry in shown} & {"document_deposited", "document_replaced"}


def test_replace__masked_cannot_be_followed_by_what_its_patient_does_not_see():
    amina, hospital = people.amina(), people.rivemont()
    first = actions.deposit(actor=hospital.actor, order=order(amina, confidentiality=frozenset({"MASQUE_PS"})))
    waiting = order(amina, replaces=str(first.document_id), confidentiality=frozenset({"INVISIBLE_PATIENT"}))
    with pytest.raises(Invalid):
        actions.replace(actor=hospital.actor, order=waiting)


def test_disown__takes_the_version_replaced_with_it():
    amina, hospital = people.amina(), people.rivemont()
    doctor = allowed(amina, people.dr_nguyen())
    first = actions.deposit(actor=hospital.actor, order=order(amina))
    second = actions.replace(actor=hospital.actor, order=order(amina, replaces=str(first.document_id)))
    actions.disown(actor=amina.actor, person_id=amina.person_id, document_id=second.document_id)
    assert titles(doctor.actor, amina, statuses=("current", "superseded")) == []


def test_deposit__into_an_open_record_a_document_that_states_another_patient_waits():
    amina, doctor = people.amina(), people.dr_nguyen()
    kind = {"type_code": "57833-6", "media_type": "text/xml", "content": prescription(subject(), 1)}
    receipt = actions.deposit(actor=doctor.actor, order=order(amina, identity=None, person_id=amina.person_id, **kind))
    assert (receipt.status, receipt.reason) == ("quarantined", "traits-differ")
    assert titles(amina.actor, amina) == []
    own = actions.deposit(actor=amina.actor, order=order(amina, identity=None, person_id=amina.person_id, **kind))
    assert own.status == "filed"
