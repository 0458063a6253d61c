"""A certified helper beside a person: nothing before they agree, what was ticked for 30 minutes, then nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection

from healthspace.access import actions as access
from healthspace.access import reads
from healthspace.access.rules import CODE_LASTS, CODE_TRIES, MOST_CODES, SCOPES, SESSION_LASTS
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.documents import actions as documents
from healthspace.documents import reads as document_reads
from healthspace.notifications import reads as notifications
from healthspace.outbox import dispatcher
from healthspace.profile import reads as profile
from tests import desks, people
from tests.factories import orders
from tests.people import Holder


def choose(actor: Actor, holder: Holder) -> None:
    access.change_emergency_choice(
        actor=actor,
        person_id=holder.person_id,
        is_samu_opposed=True,
        is_break_glass_opposed=False,
        is_masked_opposed=False,
    )


def lines(holder: Holder) -> list[str]:
    return [entry.kind for entry in document_reads.journal(actor=holder.actor, person_id=holder.person_id)]


def test_help__by_the_persons_own_digits_does_what_was_ticked_and_is_told_with_both_names() -> None:
    amina, fatou = people.amina(), desks.fatou()
    actor = fatou.helps(amina, ["emergency"])
    choose(actor, amina)
    told = document_reads.journal(actor=amina.actor, person_id=amina.person_id)
    kinds = {entry.kind: entry for entry in told}
    for kind in ("identity_searched", "assistance_started", "emergency_choice_changed"):
        assert kinds[kind].actor_name == "Fatou Diallo"
        assert kinds[kind].institution_name == "France Services de Rivemont"
        assert "Fatou Diallo (France Services de Rivemont)" in kinds[kind].sentence


@pytest.mark.parametrize("word", sorted(SCOPES))
def test_help__one_ticked_thing_opens_no_other(word: str) -> None:
    amina, fatou = people.amina(), desks.fatou()
    report = documents.deposit(actor=people.rivemont().actor, order=orders.order(amina)).document_id
    assert report is not None
    actor = fatou.helps(amina, [word])
    who = {"actor": actor, "person_id": amina.person_id}
    asked = {
        "emergency": lambda: choose(actor, amina),
        "access": lambda: access.name_attending_doctor(**who, professional_id=people.dr_nguyen().id),
        "summary": lambda: profile.entries(**who),
        "documents": lambda: document_reads.open_document(**who, document_id=report),
    }
    for name, ask in asked.items():
        if name == word:
            ask()
            continue
        with pytest.raises(Refused):
            ask()
    never = (
        lambda: access.ask_assistance(actor=amina.actor, person_id=amina.person_id, by_person_id=amina.person_id,
                                      proof="card"),
        lambda: document_reads.journal(**who),
        lambda: documents.mask(**who, document_id=report),
        lambda: documents.rename(**who, document_id=report, title="x"),
        lambda: documents.delete(**who, document_id=report),
    )  # fmt: skip
    for ask in never:
        with pytest.raises(Refused):
            ask()


def test_help__before_the_person_agreed_allows_nothing() -> None:
    amina, fatou = people.amina(), desks.fatou()
    actor = fatou.asks(amina)
    access.choose_scope(actor=actor, person_id=amina.person_id, scope=["emergency"], identity_paper="passport")
    with pytest.raises(Refused):
        choose(actor, amina)
    with pytest.raises(Refused):
        access.start_by_letter(actor=actor, person_id=amina.person_id)
    assert "assistance_started" in lines(amina)  # the refusal is told


def test_help__ends_after_thirty_minutes_at_the_next_question() -> None:
    amina, fatou = people.amina(), desks.fatou()
    actor = fatou.helps(amina)
    card = reads.own_assistance(actor=actor)
    assert card is not None and card.ends_at is not None and card.starts_at is not None
    assert card.ends_at - card.starts_at == SESSION_LASTS
    with time_machine.travel(card.ends_at - timedelta(seconds=1), tick=False):
        choose(actor, amina)
    with time_machine.travel(card.ends_at, tick=False):
        assert reads.own_assistance(actor=actor) is None
        with pytest.raises(Refused):
            choose(actor, amina)


@pytest.mark.parametrize("by", ["person", "helper", "agent"])
def test_help__cut_by_either_is_over_at_once(by: str) -> None:
    amina, fatou = people.amina(), desks.fatou()
    actor = fatou.helps(amina)
    ends = {"person": amina.actor, "helper": actor, "agent": Actor(kind="support", id=amina.account_id, name="Sacha")}
    (card,) = reads.assistances(actor=amina.actor, person_id=amina.person_id)
    who = {"actor": ends[by], "person_id": amina.person_id, "assistance_id": card.id}
    assert access.end_assistance(**who)
    assert not access.end_assistance(**who)
    with pytest.raises(Refused):
        choose(actor, amina)
    assert "assistance_ended" in lines(amina)


def test_help__stranger_cannot_end_it_nor_use_it() -> None:
    amina, fatou, paul, other = people.amina(), desks.fatou(), people.paul(), desks.fatou()
    actor = fatou.helps(amina, ["emergency", "documents"])
    (card,) = reads.assistances(actor=amina.actor, person_id=amina.person_id)
    for stranger in (paul.actor, other.beside(amina, card.id), people.dr_nguyen().actor):
        with pytest.raises(Refused):
            access.end_assistance(actor=stranger, person_id=amina.person_id, assistance_id=card.id)
    with pytest.raises(Refused):
        choose(other.beside(amina, card.id), amina)
    with pytest.raises(Refused):
        choose(replace(actor, person_id=paul.person_id), paul)
    with pytest.raises(Refused):
        reads.assistances(actor=paul.actor, person_id=amina.person_id)


def test_help__of_a_certificate_that_ended_or_was_taken_back_is_over_at_once() -> None:
    amina, fatou = people.amina(), desks.fatou(days=0)
    actor = fatou.helps(amina)
    with time_machine.travel(clock.now() + timedelta(days=1)), pytest.raises(Refused):
        access.ask_assistance(actor=fatou.actor, person_id=amina.person_id, by_person_id=amina.person_id, proof="card")
    access.revoke_certification(account_id=fatou.account_id)
    with pytest.raises(Refused):
        choose(actor, amina)
    assert reads.certified_name(fatou.account_id) == ""


def test_digits__are_dead_after_five_tries_ten_minutes_or_one_use() -> None:
    amina, fatou = people.amina(), desks.fatou()
    actor = fatou.asks(amina)
    who = {"actor": actor, "person_id": amina.person_id}
    access.choose_scope(**who, scope=["emergency"], identity_paper="passport")
    digits = access.new_assistance_code(**who)
    wrong = f"{(int(digits) + 1) % 10**8:08d}"
    for _try in range(CODE_TRIES):
        assert not access.start_by_code(**who, digits=wrong)
    assert not access.start_by_code(**who, digits=digits)
    digits = access.new_assistance_code(**who)
    with time_machine.travel(clock.now() + CODE_LASTS):
        assert not access.start_by_code(**who, digits=digits)
    for _more in range(MOST_CODES - 2):
        digits = access.new_assistance_code(**who)
    with pytest.raises(Conflict):
        access.new_assistance_code(**who)
    assert access.start_by_code(**who, digits=f"{digits[:4]} {digits[4:]}")
    with pytest.raises(Refused):
        access.start_by_code(**who, digits=digits)


def test_digits__guessed_at_the_same_moment_count_each() -> None:
    amina, fatou = people.amina(), desks.fatou()
    actor = fatou.asks(amina)
    who = {"actor": actor, "person_id": amina.person_id}
    access.choose_scope(**who, scope=["emergency"], identity_paper="passport")
    digits = access.new_assistance_code(**who)

    def guess(number: int) -> bool:
        try:
            return access.start_by_code(**who, digits=f"{(int(digits) + number) % 10**8:08d}")
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert not any(pool.map(guess, range(1, 31)))
    assert not access.start_by_code(**who, digits=digits)


def test_scope__nothing_and_what_is_not_for_a_child_cannot_be_ticked() -> None:
    leo, fatou = people.leo(), desks.fatou()
    actor = fatou.asks(leo, is_child=True)
    for scope in ((), ("documents",), ("nonsense",)):
        with pytest.raises(Invalid):
            access.choose_scope(actor=actor, person_id=leo.person_id, scope=scope, identity_paper="passport")
    access.choose_scope(actor=actor, person_id=leo.person_id, scope=["close"], identity_paper="passport")


def test_summary_of_a_session__holds_its_own_acts_alone() -> None:
    amina, fatou, other = people.amina(), desks.fatou(), desks.fatou()
    actor = fatou.helps(amina)
    choose(actor, amina)
    choose(other.helps(amina), amina)
    (_other, card) = reads.assistances(actor=amina.actor, person_id=amina.person_id)
    access.end_assistance(actor=actor, person_id=amina.person_id, assistance_id=card.id)
    done = reads.done_in_assistance(actor=actor, person_id=amina.person_id, assistance_id=card.id)
    assert [line.kind for line in done] == ["assistance_started", "emergency_choice_changed", "assistance_ended"]
    with pytest.raises(Refused):
        reads.done_in_assistance(actor=other.actor, person_id=amina.person_id, assistance_id=card.id)


def test_certificate__without_a_name_or_in_the_past_is_none() -> None:
    fatou = desks.fatou()
    for name, days in ((" ", 1), ("Fatou Diallo", -1)):
        with pytest.raises(Invalid):
            access.certify(account_id=fatou.account_id, name=name, until=clock.today() + timedelta(days=days))


def test_help__that_begins_is_told_in_the_space_and_by_mail_without_a_name() -> None:
    amina, fatou = people.amina(), desks.fatou()
    fatou.helps(amina)
    dispatcher.run_for(amina.person_id)
    (notice, *_rest) = notifications.notices(actor=amina.actor, person_id=amina.person_id)
    assert notice.kind == "help_at_desk"
    told = [one for one in mail.outbox if one.to == [amina.identity.email]]
    assert told and all("Fatou" not in one.subject + str(one.body) for one in told)
