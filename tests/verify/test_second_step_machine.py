"""The second step over any course of acts and moments, beside a model of a few lines (T06, T07)."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any

import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from healthspace.common import clock
from healthspace.common.errors import Refused
from healthspace.people import actions, reads
from healthspace.people.rules import TooManyTries
from tests import people
from tests.rooms.second_step import WRONG, app_code, begun, code_in, mails_to, with_app


class Said:
    """What the model knows of one attempt."""

    def __init__(self, attempt: reads.Attempt) -> None:
        self.attempt, self.begun_at = attempt, clock.now()
        self.code, self.code_at = "", clock.now()
        self.wrong, self.is_used = 0, False

    @property
    def is_open(self) -> bool:
        return not self.is_used and self.wrong < 5 and clock.now() < self.begun_at + timedelta(minutes=15)

    @property
    def has_living_code(self) -> bool:
        return bool(self.code) and clock.now() < self.code_at + timedelta(minutes=10)


class SecondStep(RuleBasedStateMachine):
    """One holder with mail, app and paper; somebody who knows the password; and time."""

    def __init__(self) -> None:
        super().__init__()
        self.traveller: Any = time_machine.travel(clock.now(), tick=False)
        self.clock = self.traveller.start()
        self.amina = people.amina()
        self.secret = with_app(self.amina.account_id)
        self.app_step = int(clock.now().timestamp()) // 30
        self.paper = list(actions.new_paper_codes(self.amina.account_id))
        self.attempts: list[Said] = []
        self.sent: list[datetime] = []
        self.unused: list[datetime] = []
        self.wrong: list[datetime] = []
        self.every_wrong: list[datetime] = []
        self.used_codes: set[tuple[Any, str]] = set()

    def teardown(self) -> None:
        self.traveller.stop()

    @rule(seconds=st.sampled_from([1, 29, 30, 31, 299, 599, 600, 601, 899, 900, 3599, 3600, 40_000, 86_400]))
    def time_passes(self, seconds: int) -> None:
        self.clock.shift(seconds)

    @rule()
    def begins(self) -> None:
        self.attempts.append(Said(begun(self.amina.account_id, self.amina.identity.email)))

    @precondition(lambda self: self.attempts)
    @rule(data=st.data())
    def asks_for_a_code(self, data: st.DataObject) -> None:
        said = data.draw(st.sampled_from(self.attempts[-4:]))
        before = len(mails_to(self.amina.identity.email))
        may = said.is_open and self.within(self.unused, hours=1) < 3
        try:
            actions.send_code(attempt_id=said.attempt.id, method="email")
        except Refused:
            assert not said.is_open
        except TooManyTries:
            assert said.is_open
        was_sent = len(mails_to(self.amina.identity.email)) - before
        assert was_sent == may
        if not may:
            return
        self.sent.append(clock.now())
        self.unused.append(clock.now())
        said.code, said.code_at = code_in(mails_to(self.amina.identity.email)[-1]), clock.now()

    @precondition(lambda self: self.attempts)
    @rule(data=st.data(), method=st.sampled_from(["email", "totp", "paper", "sms"]), times=st.integers(1, 4))
    def guesses(self, data: st.DataObject, method: Any, times: int) -> None:
        said = data.draw(st.sampled_from(self.attempts[-4:]))
        wrong = WRONG if said.code != WRONG else "11111111"
        for _ in range(times):
            self.tries(said, method, "x" if method == "totp" else wrong, is_right=False)

    @precondition(lambda self: len(self.attempts) > 1)
    @rule()
    def tries_the_code_of_another_attempt(self) -> None:
        mine, other = self.attempts[-2:]
        if mine.code and mine.code != other.code:
            self.tries(other, "email", mine.code, is_right=False)

    @precondition(lambda self: any(said.code for said in self.attempts))
    @rule(data=st.data())
    def gives_the_mailed_code(self, data: st.DataObject) -> None:
        said = data.draw(st.sampled_from([said for said in self.attempts if said.code]))
        self.tries(said, "email", said.code, is_right=said.has_living_code)

    @precondition(lambda self: self.attempts)
    @rule(late=st.sampled_from([0, 0, -1, 1]))
    def gives_the_code_of_the_app(self, late: int) -> None:
        step = int(clock.now().timestamp()) // 30
        code = app_code(self.secret, late)
        is_right = code == app_code(self.secret) and step > self.app_step
        if self.tries(self.attempts[-1], "totp", code, is_right=is_right):
            self.app_step = step

    @precondition(lambda self: self.attempts and self.paper)
    @rule(is_first=st.booleans())
    def gives_a_code_on_paper(self, is_first: bool) -> None:
        code = self.paper[0 if is_first else -1]
        is_right = ("paper", code) not in self.used_codes
        if self.tries(self.attempts[-1], "paper", code, is_right=is_right):
            self.used_codes.add(("paper", code))

    @rule()
    def has_new_paper(self) -> None:
        self.paper = list(actions.new_paper_codes(self.amina.account_id))

    def tries(self, said: Said, method: Any, code: str, *, is_right: bool) -> bool:
        """One try; True if it got in, which must be as the model says."""
        is_free = self.within(self.wrong, minutes=15) < 5 and self.within(self.wrong, days=1) < 20
        was_open = said.is_open
        proof = actions.finish_second_step(attempt_id=said.attempt.id, method=method, code=code)
        got_in = proof.account is not None
        assert got_in == (was_open and is_free and len(self.wrong) < 100 and is_right)
        if got_in:
            said.is_used, self.wrong, self.unused = True, [], []
        elif was_open and is_free:
            said.wrong += 1
            self.wrong.append(clock.now())
            self.every_wrong.append(clock.now())
        else:
            assert proof.is_over or proof.wait_seconds > 0
        return got_in

    def within(self, moments: list[datetime], **time: int) -> int:
        return sum(moment > clock.now() - timedelta(**time) for moment in moments)

    @invariant()
    def never_more_than_three_mails_an_hour_that_led_nowhere(self) -> None:
        assert self.within(self.unused, hours=1) <= 3
        assert len(self.sent) == len(mails_to(self.amina.identity.email))

    @invariant()
    def never_more_wrong_codes_than_the_limits(self) -> None:
        assert self.within(self.wrong, minutes=15) <= 5
        assert self.within(self.wrong, days=1) <= 20

    @invariant()
    def paper_counts_down(self) -> None:
        used = sum(("paper", code) in self.used_codes for code in self.paper)
        assert reads.factors(self.amina.account_id).paper_left == 10 - used


SecondStep.TestCase.settings = settings(
    max_examples=int(os.environ.get("HEALTHSPACE_EXAMPLES", "25")),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
test_second_step__any_course_of_acts = SecondStep.TestCase
