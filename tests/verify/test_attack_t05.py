"""T05: leaked pairs of login and password tried once each from many places; the alarm rings and nobody gets in."""

from __future__ import annotations

import itertools
import os
import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from healthspace.common import clock
from healthspace.people import actions, reads, rules
from healthspace.people.actions import minutes
from healthspace.people.rules import Tally
from tests import people
from tests.rooms.second_step import begun
from tests.verify.figures import show

PAIRS: Final = int(os.environ.get("HEALTHSPACE_LEAKED_PAIRS", "500"))
RIGHT: Final = max(5, PAIRS // 100)
PACE: Final = 200_000 / 3600  # pairs a second: 200,000 within an hour
DAY: Final = timedelta(days=1)


YEARS: Final = itertools.count(2050)  # one far year a test: the figures are one table for everybody


@pytest.fixture
def travel(owner_connection):
    """A year that no other test touches, tick by tick; its figures go when the test ends."""
    far = datetime(next(YEARS), 1, 10, tzinfo=UTC)
    with time_machine.travel(far, tick=False) as traveller:
        yield traveller
    owner_connection.execute("DELETE FROM people_sign_in_minute WHERE minute_at >= %s", [far - DAY])


def ordinary_day(travel: time_machine.Coordinates) -> None:
    """A day of 24 hours with ten sign-ins each, one of ten wrong."""
    for _ in range(24):
        for number in range(10):
            minutes.count(is_right=number > 0)
        travel.shift(3600)


def test_attack__200_000_pairs_an_hour_ring_the_alarm_within_two_minutes(travel, capsys, caplog):
    """HEALTHSPACE_LEAKED_PAIRS sets how many are really tried, each from a place that is used 20 times at most."""
    ordinary_day(travel)
    assert not reads.stuffing().is_alarming
    victims = [people.amina() for _ in range(RIGHT)]
    start, rung_at, inside, opened = clock.now(), None, 0, 0
    for number in range(PAIRS):
        travel.shift(1 / PACE)
        victim = victims[number * RIGHT // PAIRS] if number % (PAIRS // RIGHT) == 0 else None
        login = victim.login if victim else f"leaked.{number}.{start:%s}"
        word = victim.password if victim else "a password of elsewhere"
        proof = actions.authenticate(login, word, source=f"198.51.{number // 256 % 100}.{number % 256}")
        if victim and proof.account is not None:
            inside += 1
            attempt = begun(proof.account.id, victim.identity.email)
            guess = f"{secrets.randbelow(10**8):08d}"
            tried = actions.finish_second_step(attempt_id=attempt.id, method="email", code=guess)
            opened += tried.account is not None
        if rung_at is None and reads.stuffing().is_alarming:
            rung_at = clock.now() - start
    seen = reads.stuffing()
    show(
        capsys,
        f"T05 {PAIRS} pairs at {PACE:.0f}/s: alarm after {rung_at.total_seconds() if rung_at else -1:.1f} s;"
        f" {inside} right passwords, {opened} accounts opened; {seen.recent.failures} of {seen.recent.tries} failed,"
        f" ordinarily {seen.usual_share:.0%}",
    )
    assert rung_at is not None and rung_at <= timedelta(minutes=2)
    assert (inside, opened) == (RIGHT, 0)
    caplog.clear()
    assert actions.watch_sign_ins() == 1
    assert "sign-ins fail all over the site" in caplog.text
    assert not any(victim.login in caplog.text for victim in victims)


def test_alarm__does_not_ring_on_an_ordinary_day_and_ends_by_itself(travel, caplog):
    ordinary_day(travel)
    for number in range(300):
        minutes.count(is_right=number % 10 > 0)
    assert not reads.stuffing().is_alarming
    assert actions.watch_sign_ins() == 0
    for _ in range(400):
        minutes.count(is_right=False)
    assert reads.stuffing().is_alarming
    travel.shift(180)
    assert not reads.stuffing().is_alarming
    assert "all over the site" not in caplog.text


def test_alarm__a_night_of_attack_does_not_hide_the_next(travel):
    ordinary_day(travel)
    for _ in range(6):
        for _ in range(60):
            minutes.count(is_right=False)
        travel.shift(3600)
    for _ in range(100):
        minutes.count(is_right=False)
    assert reads.stuffing().is_alarming


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.floats(0, 1))
def test_is_alarming__few_never_and_more_failures_never_less(tries, failures, usual):
    failures = min(tries, failures)
    is_alarming = rules.is_alarming(Tally(tries, failures), usual)
    assert not (is_alarming and failures < 50)
    if is_alarming:
        assert rules.is_alarming(Tally(tries + 1, failures + 1), usual)
    assert rules.is_alarming(Tally(1000, 1000), usual)


@pytest.mark.parametrize(
    "sign_ins, pairs, is_heard",
    [(0.1, 0.5, True), (1, 2, True), (200, 56, True), (200, 16, True), (200, 10, False), (200, 0, False)],
)
def test_is_alarming__what_is_heard_beside_so_many_sign_ins_a_second(sign_ins, pairs, is_heard):
    """A nation has about 200 a second, one in ten wrong: 200,000 pairs over four hours are heard, over six not."""
    honest, stolen = int(sign_ins * 120), int(pairs * 120)
    assert rules.is_alarming(Tally(honest + stolen, honest // 10 + stolen), 0.1) == is_heard


def test_figures__hold_no_account_and_no_place(owner_connection):
    actions.authenticate(f"nobody.{people.new_rpps()}", "wrong", source="192.0.2.9")
    columns = owner_connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'people_sign_in_minute'::regclass AND attnum > 0"
        " AND NOT attisdropped"
    ).fetchall()
    assert {name for (name,) in columns} == {"id", "minute_at", "part", "tries", "failures"}
