"""T06: guessing the second step of stolen passwords, as fast as the limits let anybody."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from typing import Any, Final

import pytest
import time_machine

from healthspace.common import clock
from healthspace.people import actions, rules
from healthspace.people.models import StepMark
from healthspace.people.rules import TooManyTries
from tests import people
from tests.rooms.second_step import WRONG, app_code, begun, mailed, with_app
from tests.verify.figures import show

STOLEN: Final = 100_000
DAYS: Final = int(os.environ.get("HEALTHSPACE_GUESSING_DAYS", "6"))
ODD: Final = ("", "0", WRONG + "0", "\0", "é" * 8, "１２３４５６７８", "-1", "1e7", " " * 8, "None")
SPACE: Final = {"email": 10**rules.CODE_DIGITS, "totp": 10**rules.TOTP_DIGITS, "paper": 32**rules.PAPER_SIGNS}


@pytest.mark.parametrize("method", SPACE)
def test_attack__tries_that_are_really_checked(method, capsys):
    """A thief with the password asks again at every chance; what is checked is what can be guessed."""
    amina, checked = people.amina(), Counter[int]()
    with time_machine.travel(clock.now(), tick=False) as travel:
        with_app(amina.account_id)
        actions.new_paper_codes(amina.account_id)
        start = clock.now()
        while (day := (clock.now() - start).days) < DAYS:
            before = checked_of(amina)
            wait = storm(amina, method)
            checked[day] += checked_of(amina) - before
            travel.shift(max(wait, 60))
    most, whole = max(checked.values()), sum(checked.values())
    show(
        capsys,
        f"T06 {method}: {most} tries a day checked, {whole} in {DAYS} days; of {STOLEN:,} stolen passwords"
        f" {STOLEN * most / SPACE[method]:.2g} accounts a day, {STOLEN * 100 / SPACE[method]:.2g} before all stop",
    )
    assert most <= 20
    assert whole <= rules.WRONG_IN_A_ROW


def storm(person: people.Holder, method: Any) -> int:
    """One attempt used up; how many seconds to wait before the next."""
    attempt = begun(person.account_id, person.identity.email)
    if method == "email":
        try:
            actions.send_code(attempt_id=attempt.id, method="email")
        except TooManyTries:
            return 600
    for _ in range(6):
        proof = actions.finish_second_step(attempt_id=attempt.id, method=method, code="x")
        if proof.wait_seconds:
            return proof.wait_seconds
    return 900


def checked_of(person: people.Holder) -> int:
    """Wrong codes that were really compared."""
    return StepMark.objects.filter(account_id=person.account_id, kind="wrong").count()


def test_attack__a_code_of_one_attempt_opens_no_other():
    amina, paul = people.amina(), people.paul()
    codes = {}
    for one in (amina, paul):
        for _ in range(3):
            attempt = begun(one.account_id, one.identity.email)
            codes[attempt.id] = mailed(attempt, one.identity.email)
    opened = 0
    for attempt_id, own in codes.items():
        for code in set(codes.values()) - {own}:
            opened += tried(attempt_id, "email", code)
        actions.forgive_second_step(account_id=amina.account_id)
        actions.forgive_second_step(account_id=paul.account_id)
    assert opened == 0


def tried(attempt_id: Any, method: Any, code: str) -> bool:
    return actions.finish_second_step(attempt_id=attempt_id, method=method, code=code).account is not None


def test_attack__every_answer_replayed_is_refused():
    amina = people.amina()
    with time_machine.travel(clock.now(), tick=False) as travel:
        secret = with_app(amina.account_id)
        paper = actions.new_paper_codes(amina.account_id)[0]
        travel.shift(30)
        first = begun(amina.account_id, amina.identity.email)
        mail = mailed(first, amina.identity.email)
        given = [(first.id, "email", mail), (begun(amina.account_id).id, "totp", app_code(secret))]
        given.append((begun(amina.account_id).id, "paper", paper))
        assert all(tried(*one) for one in given)
        assert not any(tried(*one) for one in given)
        fresh = begun(amina.account_id, amina.identity.email)
        assert not any(tried(fresh.id, method, code) for _, method, code in given)


@pytest.mark.parametrize(
    "code", ["", "0", WRONG + "0", "\0", "é" * 8, "１２３４５６７８", "-1", "1e7", " " * 8, "None"]
)
@pytest.mark.parametrize("method", ["email", "sms", "totp", "paper", "passkey", "", "password"])
def test_attack__odd_codes_and_methods_open_nothing(code, method):
    amina = people.amina()
    attempt = begun(amina.account_id, amina.identity.email)
    assert not tried(attempt.id, method, code)


def test_attack__no_code_was_sent_and_none_is_guessed():
    amina = people.amina()
    attempt = begun(amina.account_id, amina.identity.email)
    for code in ("", WRONG, "None"):
        assert not tried(attempt.id, "email", code)
    with time_machine.travel(clock.now() + timedelta(minutes=14), tick=False):
        assert not tried(attempt.id, "email", "")
