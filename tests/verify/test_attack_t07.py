"""T07: flooding somebody with codes."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Final

import pytest
import time_machine

from healthspace.common import clock
from healthspace.people import actions
from healthspace.people.rules import TooManyTries
from tests import people
from tests.rooms.second_step import begun, mails_to
from tests.verify.figures import show

REQUESTS: Final = int(os.environ.get("HEALTHSPACE_CODE_REQUESTS", "1000"))


def places() -> Iterator[str]:
    """A new address each time."""
    return (f"203.0.{number // 256 % 256}.{number % 256}" for number in count(secrets.randbelow(50_000)))


@pytest.mark.parametrize("asks", ["one attempt", "an attempt each"])
def test_attack__a_thousand_requests_and_three_mails(asks, capsys):
    amina, refused, source = people.amina(), 0, places()
    with time_machine.travel(clock.now(), tick=False):
        attempt = begun(amina.account_id, amina.identity.email)
        for _ in range(REQUESTS):
            if asks != "one attempt":
                attempt = begun(amina.account_id, amina.identity.email)
            try:
                actions.send_code(attempt_id=attempt.id, method="email", source=next(source))
            except TooManyTries:
                refused += 1
    mails = len(mails_to(amina.identity.email))
    show(capsys, f"T07 {REQUESTS} requests, {asks}: {mails} mails, {refused} refused")
    assert mails == 3
    assert refused == REQUESTS - 3


def test_attack__all_day_long_at_every_chance(capsys):
    amina, source = people.amina(), places()
    sent: list[datetime] = []
    waits: list[timedelta] = []
    with time_machine.travel(clock.now(), tick=False) as travel:
        for _ in range(24 * 12):
            attempt = begun(amina.account_id, amina.identity.email)
            try:
                actions.send_code(attempt_id=attempt.id, method="email", source=next(source))
                sent.append(clock.now())
            except TooManyTries as many:
                waits.append(many.retry_at - clock.now())
            travel.shift(timedelta(minutes=5))
    busiest = max(sum(one <= other < one + timedelta(hours=1) for other in sent) for one in sent)
    show(capsys, f"T07 a whole day: {len(sent)} mails, at most {busiest} within any hour")
    assert busiest == 3
    assert max(waits) <= timedelta(hours=1)


def test_attack__one_place_with_many_stolen_passwords(capsys):
    """The place stops; others of the same town still get their codes."""
    town, source = [people.amina() for _ in range(34)], f"2001:db8::{people.new_rpps()}"
    told = Counter[str]()
    with time_machine.travel(clock.now(), tick=False):
        for one in town:
            try:
                actions.send_code(
                    attempt_id=begun(one.account_id, one.identity.email).id, method="email", source=source
                )
                told["sent"] += 1
            except TooManyTries:
                told["refused"] += 1
        last = town[-1]
        attempt = begun(last.account_id, last.identity.email)
        actions.send_code(attempt_id=attempt.id, method="email", source="192.0.2.200")
    show(capsys, f"T07 one place, {len(town)} accounts: {told['sent']} mails, {told['refused']} refused")
    assert told == {"sent": 30, "refused": 4}
