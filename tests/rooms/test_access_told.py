"""What the holder is told of who can see a document is what the rules would answer."""

from __future__ import annotations

from healthspace.access import actions, reads
from healthspace.documents import actions as documents
from healthspace.documents import reads as document_reads
from tests import people
from tests.factories.orders import order


def test_who_can_see__blocked_professional_is_told_once_and_as_blocked() -> None:
    amina, hospital, doctor = people.amina(), people.rivemont(), people.dr_nguyen()
    people.grant(amina, doctor)
    actions.block(actor=amina.actor, person_id=amina.person_id, professional_id=doctor.id)
    receipt = documents.deposit(actor=hospital.actor, order=order(amina))
    where = {"person_id": amina.person_id}
    card = document_reads.document_card(actor=amina.actor, document_id=receipt.document_id, **where)
    viewers = reads.who_can_see(actor=amina.actor, item=card.guarded, **where)
    assert [(viewer.is_allowed, viewer.rule) for viewer in viewers] == [(False, "ACC-10")]
