"""The certificate of an answer: who may have it, what it says."""

from __future__ import annotations

import pypdfium2
import pytest

from healthspace.common.errors import Refused
from healthspace.enrolment.actions import answers
from healthspace.enrolment.reads import proofs
from healthspace.enrolment.rules import texts
from tests.rooms import letters


def words_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_proof__names_the_text_its_version_and_digest(language: str) -> None:
    amina = letters.told()
    receipt = answers.oppose(amina.claim(), language=language)
    pdf = proofs.proof(person_id=amina.person_id, answer_id=receipt.answer_id)
    words = words_of(pdf)
    assert "Amina Benali" in words
    assert texts.VERSION in words
    assert texts.digest(texts.VERSION, language) in words
    assert str(receipt.answer_id) in words
    assert proofs.proof(person_id=amina.person_id) == pdf


def test_proof__of_a_child_names_the_parent() -> None:
    jeanne, _marc, leo = letters.family()
    answers.oppose(leo.claim(owner=jeanne), language="en")
    assert "Jeanne Morel" in words_of(proofs.proof(person_id=leo.person_id))


def test_proof__answer_of_somebody_else_is_absent() -> None:
    amina, paul = letters.told(), letters.told("GIRARD", "PAUL")
    receipt = answers.oppose(amina.claim())
    with pytest.raises(Refused):
        proofs.proof(person_id=paul.person_id, answer_id=receipt.answer_id)
    with pytest.raises(Refused):
        proofs.proof(person_id=paul.person_id)


def test_answers__newest_first_with_what_became_of_them() -> None:
    amina = letters.told()
    kept = amina.claim()
    answers.oppose(kept)
    [card] = proofs.answers(amina.person_id)
    assert (card.kind, card.channel, card.undone_at) == ("opposed", "web", None)
