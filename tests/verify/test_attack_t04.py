"""T04: finding accounts by the answer, by the statements or by the effort of a sign-in, a passkey, a code."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any, Final
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.hashers import check_password

from healthspace.common import clock
from healthspace.common.errors import Refused
from healthspace.people import actions
from healthspace.people.actions import sign_in
from tests import people
from tests.rooms.second_step import begun, with_app
from tests.rooms.test_people_passkeys import register
from tests.verify.figures import show
from tests.verify.test_uniform_answers import statements

WARM: Final = 3


def nobody() -> tuple[str, Any]:
    return f"nobody.{people.new_rpps()}", uuid4()


def holder() -> tuple[str, Any]:
    amina = people.amina()
    return amina.login, amina.account_id


def closed() -> tuple[str, Any]:
    amina = people.amina()
    actions.close_account(account_id=amina.account_id)
    return amina.login, amina.account_id


def with_everything() -> tuple[str, Any]:
    amina = people.amina()
    register(amina.account_id)
    with_app(amina.account_id)
    actions.new_paper_codes(amina.account_id)
    return amina.login, amina.account_id


def doctor() -> tuple[str, Any]:
    linh = people.dr_nguyen()
    return linh.login, linh.account_id


WHO: Final = {one.__name__: one for one in (nobody, holder, closed, with_everything, doctor)}
Act = Callable[[tuple[str, Any]], object]


def password(who: tuple[str, Any]) -> object:
    return actions.authenticate(who[0], "wrong and wrong again")


def passkey(who: tuple[str, Any]) -> object:
    options, state = actions.begin_assertion(who[1])
    return json.dumps({**options["publicKey"], "challenge": ""}, sort_keys=True), len(state)


def made_up_attempt(who: tuple[str, Any]) -> object:
    return actions.finish_second_step(attempt_id=who[1], method="email", code="12345678")


def made_up_sending(who: tuple[str, Any]) -> object:
    try:
        actions.send_code(attempt_id=who[1], method="email")
    except Refused as refusal:
        return str(refusal), refusal.rule
    return "sent"


ACTS: Final[tuple[Act, ...]] = (password, passkey, made_up_attempt, made_up_sending)


@pytest.fixture(scope="module")
def town() -> dict[str, tuple[str, Any]]:
    sign_in._nobody()
    return {name: make() for name, make in WHO.items()}


@pytest.mark.parametrize("act", ACTS)
def test_answer__is_one_and_the_same(town, act):
    assert len({repr(act(who)) for who in town.values()}) == 1


@pytest.mark.parametrize("act", ACTS)
def test_statements__are_the_same(town, act):
    found = {}
    with time_machine.travel(clock.now(), tick=False) as travel:
        travel.shift(3600 * (1 + ACTS.index(act)))
        for name, who in town.items():
            act(who)
            with statements() as seen:
                act(who)
            found[name] = tuple(seen)
    assert len(set(found.values())) == 1, found


@pytest.mark.parametrize("act", ACTS)
def test_effort__is_nearly_the_same(town, act, capsys):
    """Calls are counted, not milliseconds; the milliseconds are shown, and no test depends on them."""
    calls: dict[str, int] = {}
    times: dict[str, list[float]] = {name: [] for name in town}
    with time_machine.travel(clock.now(), tick=True) as travel:
        for name, who in town.items():
            travel.shift(3600)
            act(who)
            calls[name] = counted(act, who)
        for _ in range(WARM):
            travel.shift(3600)
            for name, who in town.items():
                times[name].append(took(act, who))
    told = ", ".join(f"{name} {statistics.median(one) * 1000:.1f} ms {calls[name]}" for name, one in times.items())
    show(capsys, f"T04 {act.__name__} (median, calls): {told}")
    assert max(calls.values()) - min(calls.values()) < 300, calls


def took(act: Act, who: tuple[str, Any]) -> float:
    start = time.perf_counter()
    act(who)
    return time.perf_counter() - start


def counted(act: Act, who: tuple[str, Any]) -> int:
    count = 0

    def note(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        act(who)
    finally:
        sys.setprofile(None)
    return count


def test_password__one_hash_whoever_asks(town, monkeypatch):
    hashed: list[str] = []

    def noted(word: str, encoded: str) -> bool:
        hashed.append("$".join(encoded.split("$")[:4]))
        return check_password(word, encoded)

    monkeypatch.setattr(sign_in, "check_password", noted)
    with time_machine.travel(clock.now(), tick=False) as travel:
        travel.shift(90_000)
        for who in town.values():
            password(who)
    assert len(hashed) == len(town)
    assert len(set(hashed)) == 1


def test_attempt__of_a_stranger_reads_as_one_that_never_was():
    attempt = begun(people.amina().account_id, "amina@example.org")
    with time_machine.travel(attempt.expires_at, tick=False):
        assert repr(made_up_attempt(("", attempt.id))) == repr(made_up_attempt(("", uuid4())))
        assert made_up_sending(("", attempt.id)) == made_up_sending(("", uuid4()))
