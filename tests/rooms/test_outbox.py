"""Facts: noted in the deed, told after it, again when it failed, never lost and never sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from healthspace.common import clock
from healthspace.common.errors import Unavailable
from healthspace.common.ids import new_id
from healthspace.notifications import reads as notices
from healthspace.ops import database
from healthspace.outbox import actions, dispatcher, events, reads, rules
from healthspace.outbox.models import WaitingFact
from healthspace.schema.context import set_context
from tests import people


@dataclass(frozen=True, slots=True)
class Everything(events.Fact):
    """One field of each type a fact can carry."""

    item_id: UUID
    other_id: UUID | None
    code: str
    count: int
    is_urgent: bool
    at: datetime
    on: date


@dataclass(frozen=True, slots=True)
class Rang(events.Fact):
    """A fact that only these tests listen to."""

    code: str


def everything(person_id: UUID, **changes: Any) -> Everything:
    kept: dict[str, Any] = {
        "item_id": new_id(),
        "other_id": None,
        "code": "DocumentDeposited/2:x-1",
        "count": 3,
        "is_urgent": True,
        "at": datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
        "on": date(2026, 11, 24),
    }
    return Everything(person_id=person_id, **(kept | changes))


def publish(person_id: UUID, fact: events.Fact) -> UUID:
    with transaction.atomic():
        set_context(person_id)
        return actions.publish(person_id=person_id, fact=fact)


@pytest.fixture
def person_id() -> UUID:
    return new_id()


@pytest.fixture
def heard(monkeypatch) -> list[tuple[events.Fact, UUID]]:
    """Everything a listener of `Rang` was told."""
    told: list[tuple[events.Fact, UUID]] = []
    monkeypatch.setitem(dispatcher._LISTENERS, Rang.KIND, [lambda fact, fact_id: told.append((fact, fact_id))])
    return told


@pytest.fixture
def as_worker() -> Iterator[None]:
    """Django's own connection with the worker's database role."""
    own = dict(connection.settings_dict)
    name = own["NAME"]
    connection.close()
    connection.settings_dict.update(database.settings_of(settings.HOME, "worker", settings.DATABASE_URLS, name))
    yield
    connection.close()
    connection.settings_dict.clear()
    connection.settings_dict.update(own)


def test_payload__comes_back_as_it_was(person_id):
    fact = everything(person_id)
    assert events.from_payload(fact.KIND, person_id, events.to_payload(fact)) == fact
    fact = everything(person_id, other_id=new_id(), is_urgent=False)
    assert events.from_payload(fact.KIND, person_id, events.to_payload(fact)) == fact


@pytest.mark.parametrize("text", ["Dr Linh Nguyen", "diabète", "a b", "x" * 65, "line\nbreak", "a,b", "a@b"])
def test_publish__a_text_that_is_no_code_is_refused_and_not_repeated(person_id, text):
    with pytest.raises(ValueError, match="must be a code") as fault:
        publish(person_id, everything(person_id, code=text))
    assert text not in str(fault.value)
    assert reads.facts(person_id) == []


def test_publish__about_somebody_else_is_refused(person_id):
    with pytest.raises(ValueError, match="belongs to the person"):
        publish(person_id, everything(new_id()))


def test_publish__outside_the_persons_context_is_refused_by_the_database(person_id):
    with transaction.atomic():
        set_context(new_id())
        with pytest.raises(ProgrammingError, match="row-level security"):
            actions.publish(person_id=person_id, fact=Rang(person_id, "x"))
        transaction.set_rollback(True)


def test_publish__a_deed_rolled_back_tells_nothing(person_id, heard):
    with transaction.atomic():
        set_context(person_id)
        actions.publish(person_id=person_id, fact=Rang(person_id, "x"))
        transaction.set_rollback(True)
    assert dispatcher.run_for(person_id) == 0
    assert heard == []


def test_run_for__told_once_in_order_with_its_id(person_id, heard):
    ids = [publish(person_id, Rang(person_id, f"code-{number}")) for number in range(3)]
    assert dispatcher.run_for(person_id) == 3
    assert dispatcher.run_for(person_id) == 0
    assert heard == [(Rang(person_id, f"code-{number}"), ids[number]) for number in range(3)]
    assert all(state.done_at and not state.is_dead for state in reads.facts(person_id))


def test_run_for__another_persons_facts_stay(person_id, heard):
    other = new_id()
    publish(other, Rang(other, "x"))
    assert dispatcher.run_for(person_id) == 0
    assert heard == []
    assert reads.facts(person_id) == []


def test_run_once__doors_see_nothing_across_persons(person_id, heard):
    publish(person_id, Rang(person_id, "x"))
    assert dispatcher.run_once() == 0
    assert heard == []


def test_run_once__worker_handles_everybodys(person_id, heard, as_worker):
    other = new_id()
    wanted = {publish(who, Rang(who, "x")) for who in (person_id, other)}
    while dispatcher.run_once(limit=50):
        pass
    assert wanted <= {fact_id for _, fact_id in heard}
    assert not WaitingFact.objects.filter(next_try_at__lte=clock.now()).exists()


def test_run_for__a_listener_that_fails_is_tried_again_and_undone(person_id, monkeypatch):
    failures = [Unavailable("down"), OSError("192.0.2.1 refused amina@example.org")]
    told = []

    def listener(fact: Rang, fact_id: UUID) -> None:
        WaitingFact.objects.filter(person_id=person_id, id=fact_id).update(kind="undone.Later")
        if failures:
            raise failures.pop(0)
        WaitingFact.objects.filter(person_id=person_id, id=fact_id).update(kind=Rang.KIND)
        told.append(fact_id)

    monkeypatch.setitem(dispatcher._LISTENERS, Rang.KIND, [listener])
    with time_machine.travel(clock.now(), tick=False) as travel:
        publish(person_id, Rang(person_id, "x"))
        for tries, reason in ((1, "unavailable"), (2, "OSError")):
            dispatcher.run_for(person_id)
            (state,) = reads.facts(person_id)
            assert (state.kind, state.tries, state.failed_reason) == (Rang.KIND, tries, reason)
            assert dispatcher.run_for(person_id) == 0
            travel.shift(10 * 2**tries)
        dispatcher.run_for(person_id)
    (state,) = reads.facts(person_id)
    assert (len(told), state.done_at is not None, state.failed_reason) == (1, True, "")


def test_run_for__given_up_after_the_last_try_and_kept_for_good(person_id, monkeypatch, heard):
    def listener(fact: Rang, fact_id: UUID) -> None:
        raise Unavailable

    monkeypatch.setitem(dispatcher._LISTENERS, Rang.KIND, [listener])
    publish(person_id, Rang(person_id, "x"))
    with time_machine.travel(clock.now(), tick=False) as travel:
        for _ in range(rules.MOST_TRIES):
            assert dispatcher.run_for(person_id) == 1
            travel.shift(rules.LONGEST_WAIT)
        assert dispatcher.run_for(person_id) == 0
    (state,) = reads.facts(person_id)
    assert (state.is_dead, state.tries, state.failed_reason) == (True, rules.MOST_TRIES, "unavailable")


def test_run_for__what_can_never_succeed_is_given_up_at_once(person_id, monkeypatch):
    def listener(fact: Rang, fact_id: UUID) -> None:
        raise rules.NeverAgain("mail-refused")

    monkeypatch.setitem(dispatcher._LISTENERS, Rang.KIND, [listener])
    publish(person_id, Rang(person_id, "x"))
    dispatcher.run_for(person_id)
    (state,) = reads.facts(person_id)
    assert (state.is_dead, state.tries, state.failed_reason) == (True, 1, "mail-refused")


def test_run_for__one_bad_fact_does_not_stop_the_next(person_id, monkeypatch):
    told = []

    def listener(fact: Rang, fact_id: UUID) -> None:
        if fact.code == "bad":
            raise ZeroDivisionError
        told.append(fact.code)

    monkeypatch.setitem(dispatcher._LISTENERS, Rang.KIND, [listener])
    for code in ("good-1", "bad", "good-2"):
        publish(person_id, Rang(person_id, code))
    dispatcher.run_for(person_id)
    assert told == ["good-1", "good-2"]


def test_run_for__a_kind_nobody_defines_waits_for_the_code_that_does(person_id):
    publish(person_id, Rang(person_id, "x"))
    with transaction.atomic():
        set_context(person_id)
        WaitingFact.objects.filter(person_id=person_id).update(kind="tomorrow.Fact")
    dispatcher.run_for(person_id)
    (state,) = reads.facts(person_id)
    assert (state.tries, state.failed_reason, state.done_at) == (1, "KeyError", None)


def test_run_for__killed_between_handling_and_marking_is_told_again(person_id, monkeypatch, heard):
    class Killed(BaseException):
        """What no code of ours catches, like a kill."""

    def killed(*args: object, **kwargs: object) -> None:
        raise Killed

    fact_id = publish(person_id, Rang(person_id, "x"))
    with monkeypatch.context() as patch:
        patch.setattr(dispatcher, "_mark", killed)
        with pytest.raises(Killed):
            dispatcher.run_for(person_id)
    (state,) = reads.facts(person_id)
    assert (state.done_at, state.tries) == (None, 0)
    assert dispatcher.run_for(person_id) == 1
    assert [known for _, known in heard] == [fact_id, fact_id]


def test_run_for__two_workers_never_handle_the_same_fact_at_once(person_id, heard, worker_connection):
    fact_id = publish(person_id, Rang(person_id, "x"))
    with worker_connection.transaction():
        worker_connection.execute(f"SET LOCAL app.person = '{person_id}'")
        worker_connection.execute("SELECT 1 FROM outbox_fact WHERE id = %s FOR UPDATE", [fact_id])
        assert dispatcher.run_for(person_id) == 0
    assert heard == []
    assert dispatcher.run_for(person_id) == 1


def test_listen__asked_twice_is_called_once(monkeypatch, person_id):
    monkeypatch.setitem(dispatcher._LISTENERS, Rang.KIND, [])
    told = []

    def listener(fact: Rang, fact_id: UUID) -> None:
        told.append(fact_id)

    dispatcher.listen(Rang, listener)
    dispatcher.listen(Rang, listener)
    publish(person_id, Rang(person_id, "x"))
    dispatcher.run_for(person_id)
    assert len(told) == 1
    assert Rang.KIND in dispatcher.listened_kinds()


def test_next_try_at__twice_as_long_each_time_then_never():
    at = clock.now()
    waits = [rules.next_try_at(tries=tries, at=at) for tries in range(1, rules.MOST_TRIES)]
    assert waits[0] == at + timedelta(seconds=10)
    assert waits == sorted(waits)
    assert sum(((wait - at) for wait in waits if wait), timedelta()) < timedelta(hours=12)
    assert rules.next_try_at(tries=rules.MOST_TRIES, at=at) is None


def test_facts__of_a_real_space_can_be_told():
    amina = people.amina()
    assert dispatcher.run_for(amina.person_id) >= 1
    assert all(state.done_at for state in reads.facts(amina.person_id))


def test_forget_done__what_was_told_goes_after_a_week_and_dead_facts_stay(person_id, heard, monkeypatch, as_worker):
    told = publish(person_id, Rang(person_id, "x"))
    dispatcher.run_for(person_id)
    monkeypatch.setitem(dispatcher._LISTENERS, Rang.KIND, [refuse_for_good])
    dead = publish(person_id, Rang(person_id, "y"))
    dispatcher.run_for(person_id)
    with time_machine.travel(clock.now(), tick=False) as travel:
        travel.shift(timedelta(days=6))
        dispatcher.forget_done()
        assert {state.id for state in reads.facts(person_id)} == {told, dead}
        travel.shift(timedelta(days=2))
        while dispatcher.forget_done():  # a thousand at a time, whoever they are of
            pass
    assert [state.id for state in reads.facts(person_id)] == [dead]


def refuse_for_good(fact: Rang, fact_id: UUID) -> None:
    raise rules.NeverAgain("mail-refused")


def test_run_once__worker_brings_a_real_fact_all_the_way_to_a_notice(as_worker):
    amina = people.amina(email="")
    while dispatcher.run_once(limit=50):
        pass
    assert all(state.done_at for state in reads.facts(amina.person_id))
    assert [notice.kind for notice in notices.notices(actor=amina.actor, person_id=amina.person_id)] == ["space_opened"]
