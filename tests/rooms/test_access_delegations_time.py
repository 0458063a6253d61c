"""Helpers and time: the yearly question, its silence, the nights when clocks change, and many acts at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from threading import Event
from typing import Any

import pytest
import time_machine
from django.db import connection

from healthspace.access import actions, reads
from healthspace.access.actions import reminders
from healthspace.access.rules import LAW_ZONE, Terms, ends_after
from healthspace.common import clock
from healthspace.common.errors import Invalid, Refused
from healthspace.documents import reads as documents
from healthspace.documents.reads import ListQuery
from healthspace.notifications import reads as notices
from healthspace.ops import schedule
from healthspace.ops.commands.worker import Turn, _take
from healthspace.outbox import dispatcher
from tests import people
from tests.roles import as_the_worker


def ask(asker: people.Holder, helper: people.Holder) -> None:
    terms = Terms(frozenset({"BIOLOGIE"}), frozenset(), clock.today() + timedelta(days=30))
    actions.ask_help(actor=asker.actor, person_id=asker.person_id, wanted=helper.as_wanted(), terms=terms)


def told(person: people.Holder) -> list[str]:
    """The kinds of this person's notices."""
    with as_the_worker():
        while dispatcher.run_once(200):
            pass
    return [notice.kind for notice in notices.notices(actor=person.actor, person_id=person.person_id)]


def test_yearly_question__is_asked_once_and_silence_ends_the_help() -> None:
    amina, lina = people.amina(), people.paul()
    helper = lina.helping(amina, days=365)
    end = ends_after(clock.today() + timedelta(days=365))
    before = told(lina)
    with time_machine.travel(end - timedelta(days=31), tick=False):
        with as_the_worker():
            actions.ask_again_due()
        assert "help_asked_again" not in told(amina)
    with time_machine.travel(end - timedelta(days=29), tick=False):
        with as_the_worker():
            actions.ask_again_due()
            actions.ask_again_due()
        assert told(amina).count("help_asked_again") == 1
        (card,) = reads.helpers(actor=amina.actor, person_id=amina.person_id)
        assert card.is_asked_again
    with time_machine.travel(end, tick=False):
        with pytest.raises(Refused):
            documents.list_documents(actor=helper, person_id=amina.person_id, query=ListQuery())
        assert told(lina) == before


def test_yearly_question__reaches_everybody_on_the_same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "AT_ONCE", 2)
    helped = [people.amina() for _ in range(3)]
    for one in helped:
        people.paul().helping(one, days=365)
    job = next(one for one in schedule.jobs() if one.work is actions.ask_again_due)
    with time_machine.travel(ends_after(clock.today() + timedelta(days=365)) - timedelta(days=29)):
        with as_the_worker():
            turn = Turn(job)
            while turn.due_at == 0.0:
                _take(turn, Event())
        assert [told(one).count("help_asked_again") for one in helped] == [1, 1, 1]


def test_yearly_question__an_answer_lets_the_help_go_on() -> None:
    amina, lina = people.amina(), people.paul()
    helper = lina.helping(amina, days=200)
    at = ends_after(clock.today() + timedelta(days=200)) - timedelta(days=20)
    with time_machine.travel(at, tick=False):
        with as_the_worker():
            actions.ask_again_due()
        last = clock.today() + timedelta(days=365)
        where: dict[str, Any] = {"person_id": amina.person_id, "delegation_id": lina.person_id}
        actions.prolong_help(actor=amina.actor, **where, last_day=last)
        (card,) = reads.helpers(actor=amina.actor, person_id=amina.person_id)
        assert not card.is_asked_again
    with time_machine.travel(ends_after(last) - timedelta(seconds=1), tick=False):
        documents.list_documents(actor=helper, person_id=amina.person_id, query=ListQuery())


def test_yearly_question__short_help_is_not_asked_about() -> None:
    amina, lina = people.amina(), people.paul()
    lina.helping(amina, days=20)
    with as_the_worker():
        actions.ask_again_due()
    assert "help_asked_again" not in told(amina)


@pytest.mark.parametrize("year", range(2026, 2066))
def test_end__is_midnight_in_paris_whatever_the_clocks_do(year: int) -> None:
    """40 years: 29 February, the nights when clocks change, the turn of the year."""
    days = [date(year, 12, 31), date(year, 2, 28), *_changes(year)]
    days += [date(year, 2, 29)] if year % 4 == 0 else []
    for last_day in days:
        end = ends_after(last_day).astimezone(LAW_ZONE)
        assert (end.hour, end.minute, end.date()) == (0, 0, last_day + timedelta(days=1))
        assert (end - timedelta(microseconds=1)).astimezone(LAW_ZONE).date() == last_day


def _changes(year: int) -> list[date]:
    """The last Sundays of March and October, and the days before."""
    found = []
    for month in (3, 10):
        last = date(year, month, 31)
        sunday = last - timedelta(days=(last.weekday() + 1) % 7)
        found += [sunday - timedelta(days=1), sunday]
    return found


def _at_once(acts: Sequence[Callable[[], object]]) -> int:
    """How many of these acts, begun together, succeed."""

    def run(act: Callable[[], object]) -> bool:
        try:
            act()
        except Invalid:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return sum(pool.map(run, acts))


def test_ask__eight_at_once_are_three() -> None:
    amina, wanted = people.amina(), [people.paul() for _ in range(8)]
    assert _at_once([partial(ask, amina, helper) for helper in wanted]) == 3
    assert len(reads.helpers(actor=amina.actor, person_id=amina.person_id)) == 3


def test_accept__eight_at_once_are_five() -> None:
    lina, asking = people.paul(), [people.amina() for _ in range(8)]
    for amina in asking:
        ask(amina, lina)
    accept = [partial(actions.accept_help, actor=lina.actor, person_id=amina.person_id) for amina in asking]
    assert _at_once(accept) == 5
    assert len(reads.helped(actor=lina.actor)) == 5


def test_notices__yes_no_and_leaving_are_told_to_the_person_and_the_question_to_the_helper() -> None:
    amina, lina, paul = people.amina(), people.jeanne(), people.paul()
    ask(amina, lina)
    ask(amina, paul)
    assert "help_asked" in told(lina)
    actions.decline_help(actor=lina.actor, person_id=amina.person_id)
    actions.accept_help(actor=paul.actor, person_id=amina.person_id)
    assert told(amina).count("help_answered") == 2
    actions.leave_help(actor=paul.actor, person_id=amina.person_id)
    assert "help_left" in told(amina)
