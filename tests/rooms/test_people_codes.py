"""Codes by mail, by SMS and on paper: bound, short-lived, once, and never more than the limits."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.mail.backends.locmem import EmailBackend
from django.utils import translation

from healthspace.common import clock
from healthspace.common.errors import Refused, Unavailable
from healthspace.people import actions, reads, rules
from healthspace.people.adapters import code_mail
from healthspace.people.models import StepAttempt, StepMark
from healthspace.people.rules import TooManyTries
from tests import people
from tests.rooms.second_step import WRONG, at_once, begun, code_in, mailed, mails_to
from tests.rooms.test_people_sign_in import journal


def finish(attempt: reads.Attempt, code: str, method: Any = "email") -> actions.Proof:
    return actions.finish_second_step(attempt_id=attempt.id, method=method, code=code)


def test_mail_code__opens_the_account():
    amina = people.amina()
    email = amina.identity.email
    attempt = begun(amina.account_id, email)
    assert attempt.methods == ("email",)
    assert mails_to(email) == []
    code = mailed(attempt, email)
    assert attempt.goes_to == {"email": f"{email[0]}•••@example.org"}
    proof = finish(attempt, f" {code[:4]} {code[4:]}")
    assert proof.account is not None
    assert (proof.account.id, proof.means) == (amina.account_id, "email")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_mail_code__says_nothing_of_health_and_hides_it_in_no_subject(language):
    subject, body = code_mail.words("12345678", language)
    words = (subject + body).lower()
    assert "12345678" not in subject
    assert not any(word in words for word in ("health", "santé", "sante", "doctor", "médec", "document"))
    assert ("Bonjour" in body) == (language == "fr")


def test_mail_code__of_another_attempt_is_refused():
    amina = people.amina()
    first, second = begun(amina.account_id, amina.identity.email), begun(amina.account_id, amina.identity.email)
    code = mailed(first, amina.identity.email)
    mailed(second, amina.identity.email)
    assert finish(second, code).account is None
    assert finish(first, code).account is not None


def test_mail_code__of_another_person_is_refused():
    amina, paul = people.amina(), people.paul()
    mine, theirs = begun(amina.account_id, amina.identity.email), begun(paul.account_id, paul.identity.email)
    code = mailed(mine, amina.identity.email)
    mailed(theirs, paul.identity.email)
    assert finish(theirs, code).account is None


def test_mail_code__works_once_and_a_new_one_kills_the_old():
    amina = people.amina()
    attempt = begun(amina.account_id, amina.identity.email)
    old = mailed(attempt, amina.identity.email)
    new = mailed(attempt, amina.identity.email)
    assert finish(attempt, old).account is None
    assert finish(attempt, new).account is not None
    assert finish(attempt, new) == actions.Proof(None, is_over=True)


@pytest.mark.parametrize("seconds, is_right", [(599, True), (600, False), (-1, False)])
def test_mail_code__for_ten_minutes(seconds, is_right):
    amina = people.amina()
    with time_machine.travel(clock.now(), tick=False) as travel:
        attempt = begun(amina.account_id, amina.identity.email)
        code = mailed(attempt, amina.identity.email)
        travel.shift(timedelta(seconds=seconds))
        assert (finish(attempt, code).account is not None) == is_right


def test_attempt__ends_after_fifteen_minutes_and_is_refused_then():
    amina = people.amina()
    with time_machine.travel(clock.now(), tick=False) as travel:
        attempt = begun(amina.account_id, amina.identity.email)
        travel.shift(timedelta(minutes=14, seconds=59))
        assert actions.attempt(attempt.id) is not None
        travel.shift(timedelta(seconds=1))
        assert actions.attempt(attempt.id) is None
        assert finish(attempt, WRONG).is_over
        with pytest.raises(Refused):
            actions.send_code(attempt_id=attempt.id, method="email")


def test_attempt__five_tries_and_then_the_right_code_is_refused():
    amina = people.amina()
    attempt = begun(amina.account_id, amina.identity.email)
    code = mailed(attempt, amina.identity.email)
    left = [finish(attempt, WRONG) for _ in range(5)]
    assert [proof.tries_left for proof in left] == [4, 3, 2, 1, 0]
    assert left[-1].is_over
    assert finish(attempt, code) == actions.Proof(None, is_over=True)


def test_account__five_wrong_in_fifteen_minutes_then_even_a_new_attempt_waits():
    amina = people.amina()
    with time_machine.travel(clock.now(), tick=False) as travel:
        first = begun(amina.account_id, amina.identity.email)
        for _ in range(5):
            finish(first, WRONG)
        attempt = begun(amina.account_id, amina.identity.email)
        code = mailed(attempt, amina.identity.email)
        assert finish(attempt, code) == actions.Proof(None, wait_seconds=900)
        travel.shift(timedelta(minutes=15))
        attempt = begun(amina.account_id, amina.identity.email)
        assert finish(attempt, mailed(attempt, amina.identity.email)).account is not None


def test_account__a_hundred_wrong_in_a_row_then_no_code_until_forgiven():
    amina = people.amina()
    at = clock.now() - timedelta(days=20)
    StepMark.objects.bulk_create(
        StepMark(account_id=amina.account_id, kind="wrong", at=at + timedelta(hours=number)) for number in range(100)
    )
    attempt = begun(amina.account_id, amina.identity.email)
    code = mailed(attempt, amina.identity.email)
    assert finish(attempt, code).is_over
    actions.forgive_second_step(account_id=amina.account_id)
    assert finish(attempt, code).account is not None


def test_attempt__fifty_at_once_and_one_gets_in():
    amina = people.amina()
    attempt = begun(amina.account_id, amina.identity.email)
    code = mailed(attempt, amina.identity.email)
    proofs = at_once(lambda: finish(attempt, code), 50)
    assert len(proofs) == 50
    assert sum(proof.account is not None for proof in proofs) == 1


def test_attempt__wrong_ones_at_once_cannot_slip_through():
    amina = people.amina()
    attempts = [begun(amina.account_id, amina.identity.email) for _ in range(20)]
    waiting = list(attempts)
    proofs = at_once(lambda: finish(waiting.pop(), WRONG), 20)
    assert sum(proof.wait_seconds == 0 for proof in proofs) == 5


def test_send__three_an_hour_even_at_once_and_over_attempts():
    amina = people.amina()
    attempts = [begun(amina.account_id, amina.identity.email) for _ in range(12)]
    waiting = list(attempts)

    def send() -> bool:
        try:
            actions.send_code(attempt_id=waiting.pop().id, method="email")
        except TooManyTries:
            return False
        return True

    assert sum(at_once(send, 12)) == 3
    assert len(mails_to(amina.identity.email)) == 3
    with pytest.raises(TooManyTries) as many:
        actions.send_code(attempt_id=attempts[0].id, method="email")
    with time_machine.travel(many.value.retry_at, tick=False):
        attempt = begun(amina.account_id, amina.identity.email)
        actions.send_code(attempt_id=attempt.id, method="email")


def test_send__codes_that_led_in_do_not_count() -> None:
    amina = people.amina()
    for _time in range(5):
        attempt = begun(amina.account_id, amina.identity.email)
        assert finish(attempt, mailed(attempt, amina.identity.email)).account is not None
    unused = [begun(amina.account_id, amina.identity.email) for _ in range(3)]
    for attempt in unused:
        actions.send_code(attempt_id=attempt.id, method="email")
    with pytest.raises(TooManyTries):
        actions.send_code(attempt_id=unused[0].id, method="email")


def test_send__thirty_an_hour_from_one_place_and_nobody_elsewhere_suffers(monkeypatch):
    monkeypatch.setattr(rules, "SOURCE_SENDS_LIMITS", ((2, timedelta(hours=1)),))
    source = f"2001:db8::{people.new_rpps()}"
    town = [people.amina() for _ in range(3)]
    begins = [begun(one.account_id, one.identity.email) for one in town]
    for attempt in begins[:2]:
        actions.send_code(attempt_id=attempt.id, method="email", source=source)
    with pytest.raises(TooManyTries):
        actions.send_code(attempt_id=begins[2].id, method="email", source=source)
    actions.send_code(attempt_id=begins[2].id, method="email", source="203.0.113.9")


def test_send__what_could_not_be_handed_over_does_not_count_and_names_nobody(monkeypatch):
    amina = people.amina()
    attempt = begun(amina.account_id, amina.identity.email)
    monkeypatch.setattr(EmailBackend, "send_messages", broken)
    for _ in range(5):
        with pytest.raises(Unavailable) as fault:
            actions.send_code(attempt_id=attempt.id, method="email")
        assert amina.identity.email not in repr(fault.value) + repr(fault.value.__cause__)
    monkeypatch.undo()
    assert finish(attempt, mailed(attempt, amina.identity.email)).account is not None


def broken(*_: Any) -> int:
    raise smtplib.SMTPRecipientsRefused({"amina@example.org": (550, b"no")})


@pytest.mark.parametrize("address", ["a@example.org, b@example.org", "a@example.org\nBcc: b@example.org", "nobody"])
def test_send__only_to_one_plain_address(address):
    attempt = begun(people.amina().account_id, address)
    before = len(mails_to(address))
    with pytest.raises(Unavailable):
        actions.send_code(attempt_id=attempt.id, method="email")
    assert len(mails_to(address)) == before


@pytest.mark.parametrize("kind", ["doctor", "support"])
def test_mail_code__is_no_second_step_for_professionals(kind):
    account_id = people.dr_nguyen().account_id if kind == "doctor" else support()
    attempt = begun(account_id, "somebody@example.org", "0612345678")
    assert attempt.methods == ()
    with pytest.raises(Refused):
        actions.send_code(attempt_id=attempt.id, method="email")
    StepAttempt.objects.filter(uuid=attempt.id).update(code_method="email")
    assert finish(attempt, WRONG).account is None


def support() -> Any:
    login = f"support.{people.new_rpps()}"
    return actions.create_account(login=login, password=people.PASSWORD, kind="support").id


def test_begin__a_closed_account_is_absent():
    amina = people.amina()
    attempt = begun(amina.account_id, amina.identity.email)
    code = mailed(attempt, amina.identity.email)
    actions.close_account(account_id=amina.account_id)
    with pytest.raises(Refused):
        begun(amina.account_id)
    assert finish(attempt, code).account is None


def test_codes__nothing_in_clear_and_nothing_in_the_log(owner_connection, caplog):
    caplog.set_level("DEBUG")
    amina = people.amina()
    attempt = begun(amina.account_id, amina.identity.email, "+33612345678")
    code = mailed(attempt, amina.identity.email)
    paper = actions.new_paper_codes(amina.account_id)[0]
    told = "".join(
        str(owner_connection.execute(f"SELECT array_agg(t::text) FROM {table} t").fetchone())
        for table in ("people_step_attempt", "people_paper_code", "people_step_mark")
    )
    kept = "".join(
        bytes(row[0]).decode("latin-1")
        for row in owner_connection.execute("SELECT sealed_channels FROM people_step_attempt").fetchall()
    )
    for secret in (code, paper, paper.replace("-", ""), amina.identity.email, "612345678"):
        assert secret not in told + kept + caplog.text
        assert secret not in repr(attempt) + repr(rules.Channels(amina.identity.email, "0612345678"))


def test_codes__wrong_ones_are_told_at_the_next_right_one():
    amina = people.amina()
    attempt = begun(amina.account_id, amina.identity.email)
    code = mailed(attempt, amina.identity.email)
    finish(attempt, WRONG)
    finish(attempt, "")
    assert "code_refused" not in [entry.kind for entry in journal(amina)]
    finish(attempt, code)
    [told] = [entry for entry in journal(amina) if entry.kind == "code_refused"]
    assert told.details == {"tries": "2"}
    with translation.override("en"):
        assert "right password" in told.sentence


def test_code_in__finds_the_code_of_a_mail():
    assert code_in(code_mail.words("12345678", "fr")[1]) == "12345678"
