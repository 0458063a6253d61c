"""By phone: the agent's act, under the agent's name (ENR-8, ENR-12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.db import transaction

from healthspace.audit import reads as audit
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.common.ids import new_id
from healthspace.enrolment.actions import answers, phone
from healthspace.enrolment.actions.phone import Caller
from healthspace.enrolment.reads import proofs
from healthspace.enrolment.rules.claims import NotAccepted, TooSoon
from healthspace.outbox import dispatcher
from healthspace.schema.context import set_context
from tests.people import paul
from tests.rooms import letters
from tests.rooms.ledger import opened_by


def agent() -> Actor:
    return Actor(kind="support", id=new_id(), name="Inès Faure")


def called(agent: Actor, person: letters.Told, **given: str) -> list[Caller]:
    return phone.find(agent, matricule=person.ins.matricule, born_on=person.born_on, **given)


def journal_of(person_id: UUID) -> list[tuple[str, str, str]]:
    with transaction.atomic():
        set_context(person_id)
        entries = audit.journal(person_id=person_id, unseal=opened_by(person_id))
    return [(entry.kind, entry.actor_kind, entry.actor_name) for entry in reversed(entries)]


@pytest.mark.parametrize("way", ["code", "serial"])
def test_oppose__agent_writes_down_what_the_caller_says(way: str) -> None:
    amina, ines = letters.told(), agent()
    [caller] = called(ines, amina, **{way: getattr(amina, way)})
    assert (caller.name, caller.may_refuse) == ("Amina Benali", True)
    phone.oppose(ines, caller)
    assert letters.state_of(amina) == "opposed"
    [card] = proofs.answers(amina.person_id)
    assert (card.kind, card.channel) == ("opposed", "phone")
    assert journal_of(amina.person_id)[-2:] == [
        ("identity_searched", "support", "Inès Faure"),
        ("space_opposed", "support", "Inès Faure"),
    ]
    dispatcher.run_for(amina.person_id)
    assert [message.to for message in mail.outbox if amina.email in message.to] == [[amina.email]]


def test_oppose__the_code_told_by_phone_has_served() -> None:
    amina, ines = letters.told(), agent()
    phone.oppose(ines, called(ines, amina, code=amina.code)[0])
    with pytest.raises(NotAccepted) as refused:
        amina.claim()
    assert refused.value.reason == "used"


def test_oppose__for_a_child_by_a_parent_who_calls() -> None:
    jeanne, marc, leo = letters.family()
    ines = agent()
    [caller] = phone.find(ines, matricule=marc.ins.matricule, born_on=leo.born_on, serial=marc.serial)
    assert (caller.is_child, caller.by_person_id) == (True, marc.person_id)
    phone.oppose(ines, caller)
    assert letters.state_of(leo) == "opposed"
    for parent in (jeanne, marc):
        assert journal_of(parent.person_id)[-1] == ("child_opposed", "support", "Inès Faure")


def test_find__twins_are_both_offered() -> None:
    jeanne = letters.told("MOREL", "JEANNE")
    born_on = clock.today() - timedelta(days=365 * 4)
    for name in ("LEA", "LOU"):
        letters.told("MOREL", name, born_on=born_on, parent=jeanne)
    found = phone.find(agent(), matricule=jeanne.ins.matricule, born_on=born_on, serial=jeanne.serial)
    assert sorted(caller.name for caller in found) == ["Lea Morel", "Lou Morel"]


def test_withdraw__agent_takes_a_refusal_back() -> None:
    amina, ines = letters.told(), agent()
    answers.oppose(amina.claim())
    [caller] = called(ines, amina, serial=amina.serial)
    assert caller.may_withdraw
    phone.withdraw(ines, caller)
    assert letters.state_of(amina) == "informed"


def test_oppose__too_late_is_told() -> None:
    amina, ines = letters.told(), agent()
    [caller] = called(ines, amina, serial=amina.serial)
    answers.activate(amina.claim(), login=f"amina.{amina.serial}", password="four plain words here")
    with pytest.raises(NotAccepted) as refused:
        phone.oppose(ines, caller)
    assert refused.value.reason == "active"


def test_find__stranger_fits_nothing_and_leaves_no_line() -> None:
    amina = letters.told()
    before = journal_of(amina.person_id)
    for wrong in (replace(amina, serial="12345678901"), replace(amina, born_on=amina.born_on + timedelta(days=1))):
        with pytest.raises(NotAccepted) as refused:
            called(agent(), wrong, serial=wrong.serial)
        assert refused.value.reason == "unknown"
    assert journal_of(amina.person_id) == before


def test_find__an_agent_who_guesses_waits() -> None:
    ines = agent()
    for _ in range(20):
        with pytest.raises(NotAccepted):
            called(ines, letters.stranger(), serial="12345678901")
    with pytest.raises(TooSoon):
        called(ines, letters.stranger(), serial="12345678901")


@pytest.mark.parametrize("act", ["find", "oppose", "withdraw", "order_code"])
def test_phone__anybody_but_an_agent_is_refused(act: str) -> None:
    amina, stranger = letters.told(), paul().actor
    [caller] = called(agent(), amina, serial=amina.serial)
    with pytest.raises(Refused):
        if act == "find":
            called(stranger, amina, serial=amina.serial)
        elif act == "oppose":
            phone.oppose(stranger, caller)
        elif act == "withdraw":
            phone.withdraw(stranger, caller)
        else:
            phone.order_code(stranger, matricule=amina.ins.matricule, born_on=amina.born_on, serial=amina.serial)
    assert letters.state_of(amina) == "informed"
