"""Codes: for a whole batch at once, and a new one with the health card (ENR-4 to ENR-7, T2, T01-T03)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.core import mail
from django.db import transaction

from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Invalid
from healthspace.common.ids import new_id
from healthspace.enrolment.actions import codes
from healthspace.enrolment.models import Case, Code
from healthspace.enrolment.rules import codes as rules
from healthspace.enrolment.rules.claims import NotAccepted, TooSoon
from healthspace.outbox import dispatcher
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from tests.rooms import letters


def ask(person: letters.Told, *, owner: letters.Told | None = None, serial: str = "", source: str = "") -> None:
    """A request for a new code; then the worker's turn for this person."""
    owner = owner or person
    codes.request_new(
        matricule=owner.ins.matricule, serial=serial or owner.serial, born_on=person.born_on, source=source
    )
    dispatcher.run_for(person.person_id)


def mails_to(address: str) -> list[str]:
    return [message.body for message in mail.outbox if address in message.to]


def code_in(body: str) -> str:
    return next(rules.normalise(word) for word in body.split() if word.count("-") == 2 and len(word) == 14)


def letters_due(person: letters.Told) -> int:
    with transaction.atomic():
        set_context(person.person_id)
        return Case.objects.filter(person_id=person.person_id, kind=codes.LETTER_DUE, settled_at=None).count()


def kept(person_id: UUID) -> list[Code]:
    with transaction.atomic():
        set_context(person_id)
        return list(Code.objects.filter(person_id=person_id).order_by("issued_at"))


def test_request_new__the_new_code_kills_the_old() -> None:
    amina = letters.told()
    ask(amina)
    code = code_in(mails_to(amina.email)[0])
    assert amina.claim(code=code).may == {"activate", "refuse"}
    with pytest.raises(NotAccepted) as refused:
        amina.claim()
    assert refused.value.reason == "replaced"
    assert code.encode() not in b"".join(bytes(row.code_key) for row in kept(amina.person_id))


def test_request_new__wrong_card_or_birth_date_sends_nothing() -> None:
    amina, paul = letters.told(), letters.told("GIRARD", "PAUL")
    ask(amina, serial=paul.serial)
    ask(letters.Told(amina.person_id, amina.ins, paul.born_on, "", amina.serial, ""))
    ask(letters.stranger())
    assert mails_to(amina.email) == []
    assert len(kept(amina.person_id)) == 1


def test_request_new__two_within_30_seconds_are_too_soon_whoever_it_is() -> None:
    """T2, and T03: the same seconds for somebody who does not exist."""
    told = []
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for person in (letters.told(), letters.stranger()):
            ask(person)
            with pytest.raises(TooSoon) as soon:
                ask(person)
            told.append(soon.value.wait_seconds)
        assert told == [30, 30]
        traveller.shift(timedelta(seconds=31))
        ask(person)


@pytest.mark.parametrize("serial", ["1234567", "12345678901234", "12A45678"])
def test_request_new__impossible_serial_is_refused_with_the_rule(serial: str) -> None:
    with pytest.raises(Invalid) as fault:
        ask(letters.stranger(), serial=serial)
    assert (fault.value.field, fault.value.rule) == ("serial", "ENR-5")


def test_request_new__card_with_a_photo_counts_its_last_eleven_digits() -> None:
    amina = letters.told()
    ask(amina, serial=f"8025000002{amina.serial}")
    assert len(mails_to(amina.email)) == 1


def test_request_new__without_mail_a_letter_is_ordered_once() -> None:
    amina = letters.told(email="")
    for _ in range(2):
        with time_machine.travel(clock.now() + timedelta(minutes=1 + _), tick=False):
            ask(amina)
    assert letters_due(amina) == 1
    assert amina.claim()


def test_request_new__after_three_by_mail_in_30_days_only_by_letter() -> None:
    amina = letters.told()
    now = clock.now() + timedelta(days=31)
    for day in range(4):
        with time_machine.travel(now + timedelta(days=day), tick=False):
            ask(amina)
    assert len(mails_to(amina.email)) == 3
    assert letters_due(amina) == 1
    with time_machine.travel(now + timedelta(days=32), tick=False):
        ask(amina)
    assert len(mails_to(amina.email)) == 4


def test_request_new__child_goes_to_the_parent_whose_card_was_shown() -> None:
    jeanne, marc, leo = letters.family()
    ask(leo, owner=marc)
    assert len(mails_to(marc.email)) == 1
    assert mails_to(jeanne.email) == mails_to(leo.email) == []


def test_request_new__twins_get_one_each_and_the_code_says_which() -> None:
    """ENR-6."""
    jeanne = letters.told("MOREL", "JEANNE")
    born_on = clock.today() - timedelta(days=365 * 4)
    lea, lou = (letters.told("MOREL", name, born_on=born_on, parent=jeanne) for name in ("LEA", "LOU"))
    ask(lea, owner=jeanne)
    dispatcher.run_for(lou.person_id)
    sent = mails_to(jeanne.email)
    assert len(sent) == 2
    assert {
        person.claim(owner=jeanne, code=code_in(body)).name for person, body in zip((lea, lou), sent, strict=True)
    } == {
        "Lea Morel",
        "Lou Morel",
    }
    assert not any(name in body for name in ("Lea", "Lou", "Morel") for body in sent)


def test_request_new__nothing_leaves_for_the_dead() -> None:
    amina = letters.told()
    spaces.note_death(actor=SYSTEM, person_id=amina.person_id)
    ask(amina)
    assert mails_to(amina.email) == []


def test_send_new__twice_for_one_fact_sends_the_same_code() -> None:
    """A worker that dies after the mail and before the commit sends it again: it must be the same."""
    amina, fact_id = letters.told(), new_id()
    assert codes.fresh_code(amina.person_id, fact_id) == codes.fresh_code(amina.person_id, fact_id)
    assert codes.fresh_code(amina.person_id, fact_id) != codes.fresh_code(amina.person_id, new_id())


@pytest.mark.usefixtures("as_worker")
def test_issue_all__one_living_code_each_and_twice_changes_nothing() -> None:
    people = [letters.told() for _ in range(3)]
    secret, batch_id, at = secrets.token_bytes(32), secrets.randbelow(2**40), clock.now()
    every = [person.person_id for person in people]
    with transaction.atomic():
        assert codes.issue_all(every, batch_id=batch_id, secret=secret, at=at) == 3
        assert codes.issue_all(every, batch_id=batch_id, secret=secret, at=at) == 0
    for person in people:
        living = [row for row in kept(person.person_id) if row.replaced_at is None]
        assert [row.batch_id for row in living] == [batch_id]
        assert person.claim(code=rules.derive(secret, person.person_id)).person_id == person.person_id


@pytest.mark.usefixtures("as_worker")
def test_issue_all__more_than_one_portion_is_all_of_them() -> None:
    every = [new_id() for _ in range(codes.PORTION + 3)]
    with transaction.atomic():
        done = codes.issue_all(every, batch_id=secrets.randbelow(2**40), secret=secrets.token_bytes(32), at=clock.now())
        transaction.set_rollback(True)
    assert done == len(every)
