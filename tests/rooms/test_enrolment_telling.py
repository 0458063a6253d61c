"""Whoever answers with somebody's letter cannot keep it from them: told on the channels known before (T4, T25)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import transaction

from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.ids import new_id
from healthspace.enrolment.actions import answers, ordered, phone
from healthspace.enrolment.models import Case, Enrollee
from healthspace.enrolment.reads import claims
from healthspace.outbox import dispatcher
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces
from healthspace.vault import reads as vault
from tests.rooms import letters
from tests.rooms.test_enrolment_answers import lines_of, mails_to, tell

PASSWORD = "four plain words here"


def orders_of(person: letters.Told) -> list[str]:
    with transaction.atomic():
        set_context(person.person_id)
        return [case.details["told"] for case in Case.objects.filter(person_id=person.person_id, kind="answer_letter")]


def by_phone(person: letters.Told, act: Callable[[Actor, phone.Caller], object]) -> None:
    ines = Actor(kind="support", id=new_id(), name="Inès Faure")
    [caller] = phone.find(ines, matricule=person.ins.matricule, born_on=person.born_on, serial=person.serial)
    act(ines, caller)


def opened(person: letters.Told, *, email: str = "") -> None:
    """Somebody opens the space with the letter, and gives an address of their own."""
    claim = person.claim()
    if email:
        answers.send_contact_code(claim, email=email, language="fr")
        body = next(message.body for message in reversed(mail.outbox) if email in message.to)
        digits = "".join(sign for sign in body.split(":")[1][:12] if sign.isdigit())
        assert answers.confirm_contact(claim, digits=digits)
    answers.activate(claim, login=f"someone.{person.serial}", password=PASSWORD)


def test_activate__the_address_known_before_is_told_when_a_new_one_is_given() -> None:
    amina = letters.told()
    stranger = f"spouse.{amina.serial}@example.org"
    opened(amina, email=stranger)
    tell(amina)
    [body] = mails_to(amina)
    assert "a été ouvert" in body
    with transaction.atomic():
        set_context(amina.person_id)
        assert spaces.identity(amina.person_id).email == stranger
    assert not orders_of(amina)


def test_activate__without_a_known_address_a_letter_leaves() -> None:
    amina = letters.told(email="")
    opened(amina, email=f"spouse.{amina.serial}@example.org")
    tell(amina)
    assert orders_of(amina) == ["activated"]
    tell(amina)
    assert orders_of(amina) == ["activated"]


@pytest.mark.parametrize("email", [None, ""])
def test_withdraw__by_phone_is_told_too(email: str | None) -> None:
    amina = letters.told(email=email)
    answers.oppose(amina.claim())
    tell(amina)
    before = len(mails_to(amina)) if amina.email else 0
    by_phone(amina, phone.withdraw)
    tell(amina)
    if amina.email:
        assert "a été retiré" in mails_to(amina)[before]
    else:
        assert orders_of(amina) == ["withdrawn"]


def test_activate__for_a_child_the_other_parent_is_told() -> None:
    jeanne, marc, leo = letters.family()
    answers.activate(leo.claim(owner=marc))
    tell(leo, jeanne, marc)
    assert ["a été ouvert" in body for body in mails_to(jeanne)] == [True]
    assert ("child_space_opened", "Marc Morel") in lines_of(jeanne.person_id)
    assert ("child_space_opened", "Marc Morel") in lines_of(marc.person_id)


def test_undo__for_a_child_the_other_parent_is_told() -> None:
    jeanne, marc, leo = letters.family()
    claim = leo.claim(owner=marc)
    kept = claim.kept()
    answers.oppose(claim)
    answers.undo(claims.recall(kept))
    tell(leo, jeanne, marc)
    assert any("a été retiré" in body for body in mails_to(jeanne))
    assert lines_of(jeanne.person_id)[-1][0] == "child_opposition_withdrawn"


def test_refuse__a_grown_child_is_nobodys_but_their_own() -> None:
    jeanne = letters.told("MOREL", "JEANNE")
    born_on = clock.today().replace(year=clock.today().year - 18) - timedelta(days=1)
    lea = letters.told("MOREL", "LÉA", born_on=born_on, parent=jeanne)
    opened(lea)
    tell(lea, jeanne)
    assert not mails_to(jeanne)
    assert len(mails_to(lea)) == 1


@pytest.mark.usefixtures("as_worker")
def test_print_ordered__tells_in_a_letter(tmp_path: Path) -> None:
    amina = letters.told(email="")
    with transaction.atomic():
        set_context(amina.person_id)
        plain = b'{"address": ["1 RUE DES LILAS"], "postcode": "69001", "city": "LYON"}'
        sealed = vault.sealer(amina.person_id).seal(plain, item=amina.person_id, part="registry:1")
        Enrollee.objects.filter(person_id=amina.person_id).update(sealed=sealed)
    opened(amina)
    dispatcher.run_for(amina.person_id)
    assert ordered.print_ordered(tmp_path).letters >= 1
    with transaction.atomic():
        set_context(amina.person_id)
        assert [c.outcome for c in Case.objects.filter(person_id=amina.person_id)] == ["printed"]
