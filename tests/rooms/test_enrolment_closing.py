"""Closing without ever having signed in, and for a child (CSP R1111-36, CLO-1): with a code, or by phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from healthspace.audit import reads as audit
from healthspace.common import clock
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Refused
from healthspace.common.ids import new_id
from healthspace.enrolment.actions import answers, ordered, phone
from healthspace.enrolment.models import Case, Enrollee
from healthspace.enrolment.reads import proofs
from healthspace.enrolment.rules.claims import NotAccepted
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.vault import reads as vault
from tests.people import paul
from tests.roles import as_the_worker
from tests.rooms import letters
from tests.rooms.test_enrolment_answers import lines_of, mails_to, tell


def agent() -> Actor:
    return Actor(kind="support", id=new_id(), name="Inès Faure")


def found(ines: Actor, person: letters.Told, owner: letters.Told | None = None) -> phone.Caller:
    card = owner or person
    [caller] = phone.find(ines, matricule=card.ins.matricule, born_on=person.born_on, serial=card.serial)
    return caller


def opened(*people: letters.Told) -> None:
    """Their six weeks are over."""
    with as_the_worker():
        spaces.open_due([person.person_id for person in people], at=clock.now().replace(year=clock.today().year + 1))
    assert {letters.state_of(person) for person in people} == {"open_inactive"}


def at_home(person: letters.Told) -> letters.Told:
    with transaction.atomic():
        set_context(person.person_id)
        plain = b'{"address": ["1 RUE DES LILAS"], "postcode": "69001", "city": "LYON"}'
        sealed = vault.sealer(person.person_id).seal(plain, item=person.person_id, part="registry:1")
        Enrollee.objects.filter(person_id=person.person_id).update(sealed=sealed)
    return person


def last_line(person: letters.Told) -> tuple[str, str]:
    """The newest line of a closed space; the older ones are sealed away with it."""
    with transaction.atomic():
        set_context(person.person_id)
        sealer = vault.journal_sealer(person.person_id)
        [entry] = audit.journal(
            person_id=person.person_id, limit=1, unseal=lambda sealed, id: sealer.unseal(sealed, item=id, part="event")
        )
    return entry.kind, entry.actor_name


def test_close__with_a_code_by_somebody_who_never_signed_in() -> None:
    amina = letters.told()
    opened(amina)
    claim = amina.claim()
    assert claim.may == {"activate", "close"}
    receipt = answers.close(claim)
    assert letters.state_of(amina) == "closed"
    assert proofs.proof(person_id=amina.person_id, answer_id=receipt.answer_id).startswith(b"%PDF")
    tell(amina)
    [body] = mails_to(amina)
    assert "fermé" in body
    with pytest.raises(NotAccepted) as again:
        answers.close(claim)
    assert again.value.reason == "used"


def test_close__before_the_opening_is_a_refusal_not_a_closing() -> None:
    amina = letters.told()
    with pytest.raises(NotAccepted):
        answers.close(amina.claim())
    assert letters.state_of(amina) == "informed"


def test_close__for_a_child_by_one_parent_the_other_is_told() -> None:
    jeanne, marc, leo = letters.family()
    opened(leo)
    answers.close(leo.claim(owner=marc))
    assert letters.state_of(leo) == "closed"
    tell(leo, jeanne, marc)
    assert ["a été fermé" in body for body in mails_to(jeanne)] == [True]
    assert lines_of(jeanne.person_id)[-1] == ("child_space_closed", "Marc Morel")
    assert last_line(leo) == ("space_closed", "Marc Morel")


@pytest.mark.parametrize("state", ["open_inactive", "active"])
def test_close_by_phone__for_a_child_whatever_its_parents_did(state: str) -> None:
    jeanne, marc, leo = letters.family()
    opened(leo)
    if state == "active":
        spaces.activate(actor=SYSTEM, person_id=leo.person_id)
    ines = agent()
    caller = found(ines, leo, owner=marc)
    assert caller.may_close
    receipt = phone.close(ines, caller)
    assert letters.state_of(leo) == "closed"
    assert last_line(leo) == ("space_closed", "Inès Faure")
    assert lines_of(jeanne.person_id)[-1] == ("child_space_closed", "Inès Faure")
    assert proofs.proof(person_id=leo.person_id, answer_id=receipt.answer_id).startswith(b"%PDF")


def test_close_by_phone__and_given_back_by_phone() -> None:
    amina, ines = letters.told(), agent()
    opened(amina)
    receipt = phone.close(ines, found(ines, amina))
    caller = found(ines, amina)
    assert (caller.state, caller.name, caller.may_reopen, caller.may_close) == ("closed", "", True, False)
    phone.reopen(ines, caller)
    with as_the_worker():
        assert spaces.reopen(person_id=amina.person_id)
    assert letters.state_of(amina) == "active"
    assert proofs.proof(person_id=amina.person_id, answer_id=receipt.answer_id).startswith(b"%PDF")


def test_close_by_phone__an_adult_who_signs_in_closes_there() -> None:
    amina, ines = letters.told(), agent()
    answers.activate(amina.claim(), login=f"amina.{amina.serial}", password="four plain words here")
    caller = found(ines, amina)
    assert not caller.may_close
    with pytest.raises(NotAccepted) as refused:
        phone.close(ines, caller)
    assert refused.value.reason == "active"


@pytest.mark.parametrize("act", [phone.close, phone.reopen])
def test_close_by_phone__anybody_but_an_agent_is_refused(act: Callable[[Actor, phone.Caller], object]) -> None:
    amina = letters.told()
    opened(amina)
    with pytest.raises(Refused):
        act(paul().actor, found(agent(), amina))
    assert letters.state_of(amina) == "open_inactive"


def test_find__a_dead_holder_is_told_as_such() -> None:
    amina = letters.told()
    spaces.note_death(actor=SYSTEM, person_id=amina.person_id)
    assert found(agent(), amina).state == "closed_deceased"


def test_close__without_a_mail_the_letter_keeps_its_address(tmp_path: Path) -> None:
    amina = at_home(letters.told(email=""))
    opened(amina)
    answers.close(amina.claim())
    tell(amina)
    with as_the_worker():
        assert ordered.print_ordered(tmp_path).letters >= 1
        with transaction.atomic():
            set_context(amina.person_id)
            assert [c.outcome for c in Case.objects.filter(person_id=amina.person_id)] == ["printed"]
