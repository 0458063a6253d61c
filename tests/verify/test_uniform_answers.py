"""Nobody learns whether X has a space, refused, died (T03): same error, statements and effort in seven states."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType
from typing import Any, Final

import pytest
import time_machine
from django.db import connection, transaction

from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import HealthspaceError
from healthspace.enrolment.actions import answers, claims, codes
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from tests.rooms import letters

LIMIT: Final = timedelta(minutes=5, seconds=1)
Attempt = Callable[[letters.Told], object]


def unknown() -> letters.Told:
    return letters.stranger()


def refused() -> letters.Told:
    person = letters.told()
    answers.oppose(person.claim())
    return person


def active() -> letters.Told:
    person = letters.told()
    spaces.activate(actor=SYSTEM, person_id=person.person_id)
    return person


def closed() -> letters.Told:
    person = active()
    spaces.close(actor=SYSTEM, person_id=person.person_id)
    return person


def locked() -> letters.Told:
    person = letters.told()
    for _ in range(6):
        with pytest.raises(HealthspaceError):
            person.claim(code=letters.wrong_code())
    return person


def deceased() -> letters.Told:
    person = letters.told()
    spaces.note_death(actor=SYSTEM, person_id=person.person_id)
    return person


def without_record() -> letters.Told:
    """Known by number, but the register says nothing (a space opened by hand)."""
    person = letters.told()
    with transaction.atomic():
        set_context(person.person_id)
        from healthspace.enrolment.models import Enrollee

        Enrollee.objects.filter(person_id=person.person_id).update(born_key=b"\0" * 16, card_key=None)
    return person


STATES: Final = {one.__name__: one for one in (unknown, without_record, refused, active, closed, locked, deceased)}


def wrong_code(person: letters.Told) -> object:
    return claims.check(
        matricule=person.ins.matricule, born_on=person.born_on, code=letters.wrong_code(), source="192.0.2.200"
    )


def wrong_card(person: letters.Told) -> object:
    codes.request_new(
        matricule=person.ins.matricule, serial="99999999999", born_on=person.born_on, source="192.0.2.201"
    )
    return None


def right_card(person: letters.Told) -> object:
    codes.request_new(
        matricule=person.ins.matricule, serial=person.serial, born_on=person.born_on, source="192.0.2.202"
    )
    return None


ATTEMPTS: Final = (wrong_code, wrong_card, right_card)


def outcome(attempt: Attempt, person: letters.Told) -> tuple[str, ...]:
    try:
        return ("done", str(attempt(person)))
    except HealthspaceError as error:
        told = {name: str(value) for name, value in vars(error).items()}
        return (type(error).__name__, error.code, str(error), *sorted(f"{k}={v}" for k, v in told.items()))


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        seen.append(re.sub(r"'[^']*'|\b\d+\b|\btrue\b|\bfalse\b", "?", str(sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


@pytest.fixture(scope="module")
def people() -> dict[str, letters.Told]:
    return {name: make() for name, make in STATES.items()}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_answer__is_one_and_the_same_in_seven_states(people: dict[str, letters.Told], attempt: Attempt) -> None:
    found = {}
    with time_machine.travel(clock.now() + timedelta(hours=ATTEMPTS.index(attempt) + 1), tick=False) as traveller:
        for name, person in people.items():
            traveller.shift(LIMIT)
            found[name] = outcome(attempt, person)
    assert len(set(found.values())) == 1, found


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_work__is_one_and_the_same_in_seven_states(people: dict[str, letters.Told], attempt: Attempt) -> None:
    """The same statements in the same order reach the database."""
    found = {}
    with time_machine.travel(clock.now() + timedelta(hours=ATTEMPTS.index(attempt) + 5), tick=False) as traveller:
        for name, person in people.items():
            traveller.shift(LIMIT)
            outcome(attempt, person)
            traveller.shift(LIMIT)
            with statements() as seen:
                outcome(attempt, person)
            found[name] = tuple(seen)
    first = found["unknown"]
    assert len(first) > 8
    assert {name for name, work in found.items() if work != first} == set()


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_effort__is_nearly_the_same_in_seven_states(people: dict[str, letters.Told], attempt: Attempt) -> None:
    """Calls are counted, not milliseconds, for a machine may be busy; five hundred are about 50 microseconds."""
    with time_machine.travel(clock.now() + timedelta(hours=ATTEMPTS.index(attempt) + 9), tick=False) as traveller:
        found = {}
        for name, person in people.items():
            traveller.shift(LIMIT)
            outcome(attempt, person)
            traveller.shift(LIMIT)
            found[name] = _calls(attempt, person)
    assert min(found.values()) > 1000
    assert max(found.values()) - min(found.values()) < 500, found


def _calls(attempt: Attempt, person: letters.Told) -> int:
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        outcome(attempt, person)
    finally:
        sys.setprofile(before)
    return count


def test_statements__a_shorter_way_would_be_seen(people: dict[str, letters.Told]) -> None:
    """Planted fault: an answer that stops at an unknown number."""
    from healthspace.spaces import reads

    with statements() as short:
        with transaction.atomic():
            reads.persons_of_number(people["unknown"].ins.matricule)
    with statements() as whole:
        outcome(wrong_code, people["unknown"])
    assert short != whole
