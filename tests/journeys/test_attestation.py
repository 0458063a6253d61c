"""Certificates of help are filed at yes, no and the end, for the person alone (3.10, T25)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest

from healthspace.access import actions as access
from healthspace.access.rules import Terms
from healthspace.common import clock
from healthspace.common.errors import Refused
from healthspace.documents import reads
from healthspace.documents.reads import ListQuery
from healthspace.journeys import attestation
from tests import people

EVERYTHING = frozenset({"BIOLOGIE", "AUTR_DOC", "DOC_ADM"})


def ask(amina: people.Holder, lina: people.Holder) -> None:
    terms = Terms(EVERYTHING, frozenset({"write", "profile"}), clock.today() + timedelta(days=90))
    access.ask_help(actor=amina.actor, person_id=amina.person_id, wanted=lina.as_wanted(), terms=terms)


def certificates(amina: people.Holder) -> list[str]:
    """The words of each, the newest first."""
    page = reads.list_documents(
        actor=amina.actor, person_id=amina.person_id, query=ListQuery(types=(attestation.TYPE,))
    )
    found = []
    for card in sorted(page.cards, key=lambda card: card.deposited_at, reverse=True):
        assert card.is_masked
        opened = reads.open_document(actor=amina.actor, person_id=amina.person_id, document_id=card.id)
        text = pypdfium2.PdfDocument(opened.content)[0].get_textpage().get_text_range()
        found.append(" ".join(text.split()))
    return found


def test_certificate__is_filed_at_yes_and_at_the_end() -> None:
    amina, lina = people.amina(), people.paul()
    ask(amina, lina)
    assert not certificates(amina)
    attestation.accept_help(actor=lina.actor, person_id=amina.person_id)
    (accepted,) = certificates(amina)
    assert amina.identity.name in accepted and lina.identity.name in accepted
    assert "Résultats d’analyses" in accepted and "Dernier jour" in accepted
    helper = access.as_caregiver(lina.actor, amina.person_id)
    seen = reads.list_documents(actor=helper, person_id=amina.person_id, query=ListQuery())
    assert not seen.cards
    attestation.end_help(actor=amina.actor, person_id=amina.person_id, delegation_id=lina.person_id)
    assert len(certificates(amina)) == 2
    assert "mis fin" in certificates(amina)[0]


def test_certificate__is_filed_at_no_and_when_the_helper_stops() -> None:
    amina, lina, paul = people.amina(), people.jeanne(), people.paul()
    ask(amina, lina)
    attestation.decline_help(actor=lina.actor, person_id=amina.person_id)
    ask(amina, paul)
    attestation.accept_help(actor=paul.actor, person_id=amina.person_id)
    attestation.leave_help(actor=access.as_caregiver(paul.actor, amina.person_id), person_id=amina.person_id)
    assert len(certificates(amina)) == 3


def test_certificate__none_for_a_question_taken_back_and_for_strangers() -> None:
    amina, lina, stranger = people.amina(), people.jeanne(), people.paul()
    ask(amina, lina)
    for act in (attestation.accept_help, attestation.decline_help, attestation.leave_help):
        with pytest.raises(Refused):
            act(actor=stranger.actor, person_id=amina.person_id)
    where: dict[str, Any] = {"person_id": amina.person_id, "delegation_id": lina.person_id}
    with pytest.raises(Refused):
        attestation.end_help(actor=stranger.actor, **where)
    assert attestation.end_help(actor=amina.actor, **where) is None
    assert not certificates(amina)
