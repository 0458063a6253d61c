"""Refusing, taking it back, opening: by the law's text (ENR-1, ENR-8, T1, T4, T5, T25)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction

from healthspace.audit import reads as audit
from healthspace.common import clock
from healthspace.common.errors import Conflict, HealthspaceError, Invalid
from healthspace.common.ids import NIL
from healthspace.enrolment.actions import answers
from healthspace.enrolment.models import Answer, Case, Code
from healthspace.enrolment.reads import claims as reads
from healthspace.enrolment.rules import codes, texts, window
from healthspace.enrolment.rules.claims import Claim, NotAccepted, TooSoon
from healthspace.outbox import dispatcher
from healthspace.people import reads as people
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces
from tests.people import PASSWORD, dr_nguyen
from tests.rooms import letters
from tests.rooms.ledger import opened_by


def lines_of(person_id: UUID) -> list[tuple[str, str]]:
    """Kind and name of the actor of each line, oldest first."""
    with transaction.atomic():
        set_context(person_id)
        entries = audit.journal(person_id=person_id, unseal=opened_by(person_id))
    return [(entry.kind, entry.actor_name) for entry in reversed(entries)]


def answers_of(person_id: UUID) -> list[Answer]:
    with transaction.atomic():
        set_context(person_id)
        return list(Answer.objects.filter(person_id=person_id).order_by("at"))


def mails_to(person: letters.Told) -> list[str]:
    return [message.body for message in mail.outbox if person.email in message.to]


def tell(*people: letters.Told) -> None:
    """What the worker does with the facts of these people."""
    for person in people:
        dispatcher.run_for(person.person_id)


def code_in(body: str) -> str:
    """The code that a mail holds."""
    return next(codes.normalise(word) for word in body.split() if word.count("-") == 2 and len(word) == 14)


def test_oppose__holder_refuses_once_and_is_told() -> None:
    amina = letters.told()
    receipt = answers.oppose(amina.claim())
    assert letters.state_of(amina) == "opposed"
    [answer] = answers_of(amina.person_id)
    assert (answer.kind, answer.channel, answer.by_kind) == ("opposed", "web", "holder")
    assert answer.text_version == texts.VERSION
    assert answer.text_digest == texts.digest(texts.VERSION, "fr")
    assert receipt.undo_until == window.undo_until(receipt.at)
    assert lines_of(amina.person_id)[-1] == ("space_opposed", "Amina Benali")
    tell(amina)
    [body] = mails_to(amina)
    assert "refusé" in body


def test_oppose__a_second_time_with_the_same_claim_is_already_used() -> None:
    amina = letters.told()
    claim = amina.claim()
    answers.oppose(claim)
    with pytest.raises(NotAccepted) as refused:
        answers.oppose(claim)
    assert refused.value.reason == "used"
    assert len(answers_of(amina.person_id)) == 1


def test_oppose__up_to_the_last_second_of_the_window() -> None:
    """T1: sent on 1 February at 00:00, refused on day 41 at 23:59, closed on 15 March at 00:00."""
    paris = ZoneInfo("Europe/Paris")
    sent_at = datetime(2027, 2, 1, tzinfo=paris)
    with time_machine.travel(sent_at, tick=False):
        amina, leila = letters.told(sent_at=clock.now()), letters.told(sent_at=clock.now())
    with time_machine.travel(datetime(2027, 3, 14, 23, 59, 59, tzinfo=paris), tick=False):
        answers.oppose(amina.claim())
    with time_machine.travel(datetime(2027, 3, 15, tzinfo=paris), tick=False):
        with pytest.raises(NotAccepted) as refused:
            leila.claim()
    assert letters.state_of(amina) == "opposed"
    assert refused.value.reason == "expired"


def test_oppose__letter_that_came_before_its_posting_was_written_down() -> None:
    amina = letters.told(state="not_informed")
    answers.oppose(amina.claim())
    assert letters.state_of(amina) == "opposed"


def test_oppose__one_parent_for_a_child_the_other_is_told() -> None:
    """T4."""
    jeanne, marc, leo = letters.family()
    answers.oppose(leo.claim(owner=marc))
    assert letters.state_of(leo) == "opposed"
    assert lines_of(leo.person_id)[-1] == ("space_opposed", "Marc Morel")
    assert lines_of(marc.person_id)[-1] == ("child_opposed", "Marc Morel")
    assert lines_of(jeanne.person_id)[-1] == ("child_opposed", "Marc Morel")
    [answer] = answers_of(leo.person_id)
    assert (answer.by_kind, answer.by_person_id) == ("parent", marc.person_id)
    tell(leo, jeanne, marc)
    assert ["L’autre parent" in body for body in mails_to(jeanne)] == [True]
    assert ["Annulez" in body for body in mails_to(marc)] == [True]
    assert letters.state_of(jeanne) == letters.state_of(marc) == "informed"


def test_oppose__other_parent_without_mail_gets_a_letter() -> None:
    jeanne = letters.told("MOREL", "JEANNE")
    marc = letters.told("MOREL", "MARC", email="")
    leo = letters.told("MOREL", "LEO", born_on=clock.today() - timedelta(days=4000), parent=jeanne, other_parent=marc)
    answers.oppose(leo.claim(owner=jeanne))
    tell(marc)
    with transaction.atomic():
        set_context(marc.person_id)
        assert Case.objects.filter(person_id=marc.person_id, kind="child_refused_letter").count() == 1


def test_undo__with_the_code_of_the_confirmation_within_14_days() -> None:
    amina = letters.told()
    answers.oppose(amina.claim())
    tell(amina)
    code = code_in(mails_to(amina)[0])
    with time_machine.travel(clock.now() + timedelta(days=13, hours=20), tick=False):
        claim = amina.claim(code=code)
        assert claim.may == {"undo"}
        answers.undo(claim)
        assert letters.state_of(amina) == "informed"
        with pytest.raises(NotAccepted):
            amina.claim(code=code)
    [answer] = answers_of(amina.person_id)
    assert answer.undone_at is not None
    assert lines_of(amina.person_id)[-1][0] == "opposition_undone"


def test_undo__after_14_days_is_expired() -> None:
    amina = letters.told()
    answers.oppose(amina.claim())
    tell(amina)
    code = code_in(mails_to(amina)[0])
    with time_machine.travel(clock.now() + timedelta(days=14, hours=3), tick=False):
        with pytest.raises(NotAccepted) as refused:
            amina.claim(code=code)
    assert refused.value.reason == "expired"
    assert letters.state_of(amina) == "opposed"


def test_undo__in_the_very_session_of_the_refusal() -> None:
    amina = letters.told()
    kept = amina.claim().kept()
    answers.oppose(reads.recall(kept))
    claim = reads.recall(kept)
    assert claim.may == {"undo"}
    assert claim.undo_until is not None
    answers.undo(claim)
    assert letters.state_of(amina) == "informed"


def test_undo__the_undoing_code_opens_nothing_else() -> None:
    amina = letters.told()
    answers.oppose(amina.claim())
    tell(amina)
    claim = amina.claim(code=code_in(mails_to(amina)[0]))
    with pytest.raises(NotAccepted):
        answers.activate(claim, login="amina.benali", password=PASSWORD)
    assert letters.state_of(amina) == "opposed"


def renewed(person: letters.Told) -> str:
    """A new code, as the worker sends it."""
    from healthspace.enrolment.actions import codes as acts

    tell(person)
    before = len(mails_to(person))
    acts.request_new(matricule=person.ins.matricule, serial=person.serial, born_on=person.born_on, source="")
    tell(person)
    assert len(mails_to(person)) == before + 1
    return code_in(mails_to(person)[-1])


def test_withdraw__opposed_then_changes_mind() -> None:
    """T5, first half: informed again, and the deadline stays."""
    amina = letters.told()
    with transaction.atomic():
        set_context(amina.person_id)
        deadline_at = spaces.state(amina.person_id).deadline_at
    answers.oppose(amina.claim())
    claim = amina.claim(code=renewed(amina))
    assert claim.may == {"activate", "withdraw"}
    answers.withdraw(claim)
    assert letters.state_of(amina) == "informed"
    with transaction.atomic():
        set_context(amina.person_id)
        assert spaces.state(amina.person_id).deadline_at == deadline_at
    assert [answer.kind for answer in answers_of(amina.person_id)] == ["opposed", "withdrawn"]


def test_activate__opposed_then_changes_mind_opens_in_one_deed() -> None:
    amina = letters.told()
    answers.oppose(amina.claim())
    account = answers.activate(
        amina.claim(code=renewed(amina)), login=f"amina.{NIL.hex[:2]}{amina.serial}", password=PASSWORD
    )
    assert account is not None
    assert letters.state_of(amina) == "active"
    assert {answer.kind for answer in answers_of(amina.person_id)} == {"opposed", "withdrawn", "activated"}


def test_activate__opens_with_choices_contact_and_account() -> None:
    doctor = dr_nguyen()
    amina = letters.told(attending_id=doctor.id)
    claim = amina.claim()
    answers.send_contact_code(claim, email="amina.new@example.org", language="fr")
    digits = "".join(c for c in mail.outbox[-1].body.split("demandés")[1].split("\n")[0] if c.isdecimal())
    assert not answers.confirm_contact(claim, digits="00000000" if digits != "00000000" else "11111111")
    assert answers.confirm_contact(claim, digits=f"{digits[:4]} {digits[4:]}")
    login = answers.suggest_login(claim)
    account = answers.activate(
        claim,
        login=login,
        password=PASSWORD,
        language="en",
        is_break_glass_opposed=True,
        names_attending_doctor=True,
    )
    assert account is not None and account.person_id == amina.person_id
    found = people.account_by_login(login)
    assert found is not None and found.id == account.id
    with transaction.atomic():
        set_context(amina.person_id)
        state, who = spaces.state(amina.person_id), spaces.identity(amina.person_id)
    assert (state.state, state.is_break_glass_opposed, state.is_samu_opposed) == ("active", True, False)
    assert (state.language, who.email) == ("en", "amina.new@example.org")
    kinds = [kind for kind, _ in lines_of(amina.person_id)]
    assert {"space_activated", "emergency_choice_changed", "contact_confirmed", "identity_changed"} <= set(kinds)


def test_activate__taken_login_changes_nothing_at_all() -> None:
    amina, leila = letters.told(), letters.told()
    login = f"taken.{amina.serial}"
    answers.activate(amina.claim(), login=login, password=PASSWORD)
    claim = leila.claim()
    with pytest.raises(Conflict):
        answers.activate(claim, login=login, password=PASSWORD)
    with pytest.raises(Invalid):
        answers.activate(claim, login=f"leila.{leila.serial}", password="short")
    assert letters.state_of(leila) == "informed"
    assert answers_of(leila.person_id) == []
    assert answers.activate(claim, login=f"leila.{leila.serial}", password=PASSWORD)


def test_activate__a_child_opens_without_an_account() -> None:
    jeanne, _marc, leo = letters.family()
    assert answers.activate(leo.claim(owner=jeanne), is_samu_opposed=True) is None
    assert letters.state_of(leo) == "active"
    told = [line[0] for line in lines_of(leo.person_id)]
    assert {"space_activated", "emergency_choice_changed", "representative_named"} <= set(told)
    assert told.count("representative_named") == 2


def test_send_contact_code__twice_within_30_seconds_is_too_soon() -> None:
    claim = letters.told().claim()
    answers.send_contact_code(claim, email="a@example.org", language="fr")
    with pytest.raises(TooSoon):
        answers.send_contact_code(claim, email="a@example.org", language="fr")


def test_confirm_contact__five_wrong_tries_or_ten_minutes_end_it() -> None:
    claim = letters.told().claim()
    answers.send_contact_code(claim, email="a@example.org", language="fr")
    digits = "".join(c for c in mail.outbox[-1].body.split("demandés")[1].split("\n")[0] if c.isdecimal())
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1), tick=False):
        assert not answers.confirm_contact(claim, digits=digits)
    for _ in range(5):
        assert not answers.confirm_contact(claim, digits="1234")
    assert not answers.confirm_contact(claim, digits=digits)


def test_claim__fifty_at_the_same_moment_use_it_once() -> None:
    """T01: single use under 50 concurrent submissions, half refusing, half opening."""
    amina = letters.told()
    claim = amina.claim()

    def once(number: int) -> str:
        try:
            if number % 2:
                answers.oppose(replace(claim))
                return "opposed"
            answers.activate(claim, login=f"one.{amina.serial}.{number}", password=PASSWORD)
        except NotAccepted as refused:
            return refused.reason
        except HealthspaceError as error:
            return error.code
        else:
            return "active"
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        ends = list(pool.map(once, range(50)))
    done = [end for end in ends if end in {"opposed", "active"}]
    assert len(done) == 1
    assert set(ends) - {done[0]} <= {"used", "active"} | {"used"}
    assert letters.state_of(amina) == done[0]
    with transaction.atomic():
        set_context(amina.person_id)
        assert Code.objects.filter(person_id=amina.person_id, used_at__isnull=False).count() == 1


def test_oppose__a_claim_made_up_by_a_stranger_is_refused() -> None:
    amina, paul = letters.told(), letters.told("GIRARD", "PAUL")
    theirs: Claim = replace(paul.claim(), person_id=amina.person_id)
    with pytest.raises(NotAccepted):
        answers.oppose(theirs)
    assert letters.state_of(amina) == "informed"


def test_deposit__while_opposed_is_refused_and_never_replayed() -> None:
    """T5, second half."""
    from healthspace.common.errors import SpaceClosed
    from healthspace.documents import actions as documents
    from healthspace.documents import reads as document_reads
    from healthspace.documents.reads import ListQuery
    from tests.factories.orders import order
    from tests.people import rivemont

    amina, hospital = letters.told(), rivemont()
    answers.oppose(amina.claim())
    with pytest.raises(SpaceClosed):
        documents.deposit(actor=hospital.actor, order=order(amina))
    account = answers.activate(amina.claim(code=renewed(amina)), login=f"amina.{amina.serial}", password=PASSWORD)
    assert account is not None
    holder = people.actor_of(account)
    page = document_reads.list_documents(actor=holder, person_id=amina.person_id, query=ListQuery())
    assert page.cards == ()
    assert documents.deposit(actor=hospital.actor, order=order(amina)).status == "filed"


def test_oppose__parent_whose_space_is_closed_still_answers_for_the_child() -> None:
    from healthspace.common.actor import SYSTEM
    from healthspace.spaces import actions as acts

    jeanne, marc, leo = letters.family()
    for parent in (jeanne, marc):
        acts.activate(actor=SYSTEM, person_id=parent.person_id)
        acts.close(actor=SYSTEM, person_id=parent.person_id)
    answers.oppose(leo.claim(owner=jeanne))
    tell(leo, jeanne, marc)
    assert letters.state_of(leo) == "opposed"
