"""Codes over any course of acts and days: one use, five tries, at most fifteen in thirty days (T01, T02)."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from healthspace.common import clock
from healthspace.enrolment.actions import answers, codes
from healthspace.enrolment.models import Code
from healthspace.enrolment.rules import codes as rules
from healthspace.enrolment.rules.claims import NotAccepted
from healthspace.outbox import dispatcher
from healthspace.schema.context import set_context
from tests.rooms import letters

WRONG_PAIRS: Final = int(os.environ.get("HEALTHSPACE_WRONG_PAIRS", "400"))
PASSWORD: Final = "four plain words here"


class Codes(RuleBasedStateMachine):
    """What may happen to one person's codes, beside a model of a few lines."""

    def __init__(self) -> None:
        super().__init__()
        self.traveller: Any = time_machine.travel(clock.now(), tick=False)
        self.clock = self.traveller.start()
        self.amina = letters.told()
        self.code, self.born_at = self.amina.code, clock.now()
        self.wrong, self.uses, self.state = 0, 0, "informed"
        self.guesses: list[datetime] = []
        self.sent = [clock.now()]

    def teardown(self) -> None:
        self.traveller.stop()

    def _pass(self, **time: int) -> None:
        self.clock.shift(timedelta(**time))

    @property
    def is_living(self) -> bool:
        return bool(self.code) and self.wrong < 5 and clock.now() < self.born_at + timedelta(days=42, hours=-2)

    @rule(days=st.integers(1, 12))
    def days_pass(self, days: int) -> None:
        self._pass(days=days)

    @rule(times=st.integers(1, 5))
    def somebody_guesses(self, times: int) -> None:
        self._pass(minutes=6)
        for _ in range(times):
            was_living = self.is_living
            with pytest.raises(NotAccepted) as refused:
                self.amina.claim(code=letters.wrong_code())
            assert refused.value.reason == "unknown"
            if was_living:
                self.guesses.append(clock.now())
            self.wrong += 1

    @rule()
    def somebody_guesses_the_person(self) -> None:
        self._pass(minutes=6)
        with pytest.raises(NotAccepted):
            self.amina.claim(owner=letters.stranger(), code=self.code or letters.wrong_code())

    @rule()
    def asks_for_a_new_one(self) -> None:
        self._pass(minutes=6)
        amina, before = self.amina, len(mail.outbox)
        codes.request_new(matricule=amina.ins.matricule, serial=amina.serial, born_on=amina.born_on, source="")
        dispatcher.run_for(amina.person_id)
        new = [one.body for one in mail.outbox[before:] if "nouveau code" in one.body]
        assert len(new) <= 1
        if new:
            self.code = next(rules.normalise(word) for word in new[0].split() if len(word) == 14 and "-" in word)
            self.born_at, self.wrong = clock.now(), 0
            self.sent.append(clock.now())

    @precondition(lambda self: self.state in {"informed", "opposed"})
    @rule(act=st.sampled_from(["oppose", "withdraw", "activate"]))
    def answers(self, act: str) -> None:
        self._pass(minutes=6)
        fits = {"oppose": {"informed"}, "withdraw": {"opposed"}, "activate": {"informed", "opposed"}}[act]
        try:
            claim = self.amina.claim(code=self.code or letters.wrong_code())
        except NotAccepted:
            assert not self.is_living
            return
        assert self.wrong < 5
        ability = "refuse" if act == "oppose" else act
        if self.state not in fits:
            assert ability not in claim.may
            return
        assert ability in claim.may
        if act == "oppose":
            answers.oppose(claim)
        elif act == "withdraw":
            answers.withdraw(claim)
        else:
            answers.activate(claim, login=f"amina.{self.amina.serial}", password=PASSWORD)
        self.state = {"oppose": "opposed", "withdraw": "informed", "activate": "active"}[act]
        self.code = ""
        self.wrong = 0
        self.uses += 1
        with pytest.raises(NotAccepted):
            answers.oppose(claim)

    @invariant()
    def at_most_one_code_lives(self) -> None:
        with transaction.atomic():
            set_context(self.amina.person_id)
            rows = Code.objects.filter(person_id=self.amina.person_id, purpose="answer")
            assert rows.filter(used_at=None, replaced_at=None).count() <= 1
            assert rows.filter(used_at__isnull=False).count() == self.uses
            assert all(row.wrong_tries <= 6 for row in rows)

    @invariant()
    def the_space_stands_where_the_answers_left_it(self) -> None:
        assert letters.state_of(self.amina) == self.state

    @invariant()
    def no_more_than_fifteen_guesses_and_three_mails_in_thirty_days(self) -> None:
        since = clock.now() - timedelta(days=30)
        assert sum(at > since for at in self.guesses) <= 5 * (3 + 1)
        assert sum(at > since for at in self.sent[1:]) <= 3


Codes.TestCase.settings = settings(
    max_examples=int(os.environ.get("HEALTHSPACE_EXAMPLES", "20")),
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
test_codes__any_course_of_acts = Codes.TestCase


def test_attack__wrong_pairs_move_no_counter_and_lock_nobody() -> None:
    """T02: HEALTHSPACE_WRONG_PAIRS sets how many; the threat page asks for 100,000."""
    town = [letters.told() for _ in range(10)]
    for number in range(WRONG_PAIRS):
        person = town[number % len(town)]
        wrong = letters.Told(
            person.person_id, person.ins, person.born_on + timedelta(days=1 + number), person.code, "", ""
        )
        with pytest.raises(NotAccepted) as refused:
            wrong.claim()
        assert refused.value.reason == "unknown"
    assert [letters.tries_of(person) for person in town] == [[0]] * len(town)
    assert all(person.claim() for person in town)


def test_attack__five_wrong_codes_lock_one_code_and_a_new_letter_works() -> None:
    amina = letters.told()
    for _ in range(6):
        with pytest.raises(NotAccepted):
            amina.claim(code=letters.wrong_code())
    codes.request_new(matricule=amina.ins.matricule, serial=amina.serial, born_on=amina.born_on, source="")
    dispatcher.run_for(amina.person_id)
    body = next(one.body for one in mail.outbox if amina.email in one.to)
    code = next(rules.normalise(word) for word in body.split() if len(word) == 14 and "-" in word)
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        assert amina.claim(code=code).may == {"activate", "refuse"}


def test_space_of_codes__the_whole_nation_guessed_blindly() -> None:
    """68 million living codes, fifteen tries each, 60 bits: less than one in a million for all of them together."""
    assert 68e6 * 15 / 2**60 < 1e-6
