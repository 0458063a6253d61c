"""Mandates of parents: given by the register or a statement, ended by the birthday or a word, looked up at each act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from healthspace.access import actions, reads, rules
from healthspace.access.actions import Pair
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Invalid, Refused
from healthspace.documents import reads as documents
from healthspace.documents.reads import ListQuery
from tests import people
from tests.roles import as_the_worker

PARIS = ZoneInfo("Europe/Paris")
TICK = timedelta(microseconds=1)


def may_read(actor: Actor, child: people.Holder) -> bool:
    """True when this actor sees the child's documents now."""
    try:
        documents.list_documents(actor=actor, person_id=child.person_id, query=ListQuery())
    except Refused:
        return False
    return True


def kinds(holder: people.Holder) -> list[str]:
    entries = documents.journal(actor=holder.actor, person_id=holder.person_id, is_act=False)
    return [entry.kind for entry in entries]


def test_represent__both_parents_act_and_a_stranger_does_not() -> None:
    jeanne, marc, paul, leo = people.jeanne(), people.paul(), people.paul(), people.leo()
    assert all(may_read(parent.representing(leo), leo) for parent in (jeanne, marc))
    assert not may_read(paul.claiming(leo), leo)
    assert not may_read(replace(paul.claiming(leo), own_person_id=None), leo)
    assert not may_read(replace(jeanne.actor, kind="representative", person_id=leo.person_id), leo)


def test_represent__another_parent_s_name_on_one_s_own_account_counts_as_that_parent_only() -> None:
    """The door fills `own_person_id` from the account; the child of somebody else stays closed."""
    jeanne, leo, other = people.jeanne(), people.leo(), people.leo()
    jeanne.representing(leo)
    assert not may_read(jeanne.claiming(other), other)


def test_represent__is_told_on_both_sides_in_words() -> None:
    jeanne, leo = people.jeanne(), people.leo()
    jeanne.representing(leo)
    jeanne.representing(leo)
    assert kinds(leo).count("representative_named") == 1
    assert kinds(jeanne).count("mandate_given") == 1
    (line,) = [
        entry
        for entry in documents.journal(actor=leo.actor, person_id=leo.person_id, is_act=False)
        if entry.kind == "representative_named"
    ]
    assert line.sentence.startswith(jeanne.identity.name)


def test_represent__nobody_for_an_adult_and_nobody_for_oneself() -> None:
    amina, jeanne, leo = people.amina(), people.jeanne(), people.leo()
    born_on = amina.traits.born_on
    assert not actions.represent(
        actor=SYSTEM, person_id=amina.person_id, representative_id=jeanne.person_id, born_on=born_on
    )
    assert not actions.represent(
        actor=SYSTEM, person_id=leo.person_id, representative_id=leo.person_id, born_on=leo.traits.born_on
    )
    assert not may_read(jeanne.claiming(amina), amina)


def test_represent__nobody_names_themselves() -> None:
    paul, leo = people.paul(), people.leo()
    pair = {"person_id": leo.person_id, "representative_id": paul.person_id, "born_on": leo.traits.born_on}
    for actor in (paul.actor, paul.claiming(leo), leo.actor, people.dr_nguyen().actor):
        with pytest.raises(Refused):
            actions.represent(actor=actor, **pair)
    assert not may_read(paul.claiming(leo), leo)


def test_renounce__stops_at_once_and_the_register_does_not_bring_it_back() -> None:
    jeanne, marc, leo = people.jeanne(), people.paul(), people.leo()
    mother, father = jeanne.representing(leo), marc.representing(leo)
    actions.renounce(actor=jeanne.actor, child_id=leo.person_id)
    assert not may_read(mother, leo)
    assert may_read(father, leo)
    assert reads.charges(actor=jeanne.actor) == ()
    born_on = leo.traits.born_on
    pair = {"person_id": leo.person_id, "representative_id": jeanne.person_id, "born_on": born_on}
    assert not actions.represent(actor=SYSTEM, **pair)
    with as_the_worker():
        assert actions.represent_all([Pair(leo.person_id, jeanne.person_id, born_on)], at=datetime.now(UTC)) == 0
    assert not may_read(mother, leo)
    assert actions.represent(actor=SYSTEM, **pair, basis="statement")
    assert may_read(mother, leo)
    assert [charge.person_id for charge in reads.charges(actor=jeanne.actor)] == [leo.person_id]
    assert {"representative_ended", "representative_named"} <= set(kinds(leo))
    assert "mandate_ended" in kinds(jeanne)


def test_renounce__stranger_is_refused_and_ends_nothing() -> None:
    jeanne, paul, leo = people.jeanne(), people.paul(), people.leo()
    mother = jeanne.representing(leo)
    for actor in (paul.actor, paul.claiming(leo), people.dr_nguyen().actor):
        with pytest.raises(Refused):
            actions.renounce(actor=actor, child_id=leo.person_id)
    assert may_read(mother, leo)


@pytest.mark.parametrize("agents", [("", ""), ("Awa Diallo", ""), ("Awa Diallo", " awa  DIALLO ")])
def test_end_mandate__takes_two_agents_by_name(agents: tuple[str, str]) -> None:
    jeanne, leo = people.jeanne(), people.leo()
    mother = jeanne.representing(leo)
    with pytest.raises(Invalid):
        actions.end_mandate(actor=SYSTEM, person_id=leo.person_id, representative_id=jeanne.person_id, agents=agents)
    assert may_read(mother, leo)


def test_end_mandate__installation_only() -> None:
    jeanne, marc, leo = people.jeanne(), people.paul(), people.leo()
    mother, father = jeanne.representing(leo), marc.representing(leo)
    for actor in (father, leo.actor, people.dr_nguyen().actor):
        with pytest.raises(Refused):
            actions.end_mandate(
                actor=actor,
                person_id=leo.person_id,
                representative_id=jeanne.person_id,
                agents=("Awa Diallo", "Tom Petit"),
            )
    actions.end_mandate(
        actor=SYSTEM, person_id=leo.person_id, representative_id=jeanne.person_id, agents=("Awa Diallo", "Tom Petit")
    )
    assert (may_read(mother, leo), may_read(father, leo)) == (False, True)
    assert "mandate_ended" in kinds(jeanne)
    with pytest.raises(Refused):
        actions.end_mandate(
            actor=SYSTEM,
            person_id=leo.person_id,
            representative_id=jeanne.person_id,
            agents=("Awa Diallo", "Tom Petit"),
        )


def test_represent_all__both_sides_at_once_and_twice_is_once() -> None:
    jeanne, marc, leo, zoe, amina = (
        people.jeanne(), people.paul(), people.leo(), people.leo(), people.amina()
    )  # fmt: skip
    pairs = [
        Pair(child.person_id, parent.person_id, child.traits.born_on)
        for child in (leo, zoe, amina)
        for parent in (jeanne, marc)
    ]
    at = datetime.now(UTC)
    with as_the_worker():
        assert actions.represent_all(pairs, at=at) == 4
        assert actions.represent_all(pairs, at=at) == 0
    for parent in (jeanne, marc):
        found = {charge.person_id for charge in reads.charges(actor=parent.actor)}
        assert found == {leo.person_id, zoe.person_id}
        assert may_read(parent.claiming(leo), leo)
        assert not may_read(parent.claiming(amina), amina)
        assert kinds(parent).count("mandate_given") == 1
    assert kinds(leo).count("representative_named") == 1


def test_charges__only_the_holder_and_only_open_spaces() -> None:
    jeanne, paul, leo = people.jeanne(), people.paul(), people.leo()
    waiting = people.holder("MOREL", ("ZOÉ",), date(2020, 2, 3), "F", "38001", state="informed")
    mother = jeanne.representing(leo)
    jeanne.representing(waiting)
    assert [charge.person_id for charge in reads.charges(actor=jeanne.actor)] == [leo.person_id]
    assert reads.charges(actor=paul.actor) == ()
    for actor in (mother, people.dr_nguyen().actor):
        with pytest.raises(Refused):
            reads.charges(actor=actor)


def coming_of_age() -> list[date]:
    """Birthdays of forty years: every 29 February, the nights of both clock changes, and the ends of years."""
    found = []
    for year in range(1990, 2030):
        adult = year + rules.MAJORITY_YEARS
        found += [date(year, 1, 1), date(year, 12, 31), date(year, 2, 28), date(year, 3, 1), date(year, 7, 14)]
        if year % 4 == 0:
            found.append(date(year, 2, 29))
        for month in (3, 10):
            last = date(adult, month, 31)
            sunday = last - timedelta(days=(last.weekday() + 1) % 7)
            found += [date(year, month, sunday.day), date(year, month, min(sunday.day + 1, 31))]
    return found


def test_comes_of_age__forty_years_at_midnight_in_paris() -> None:
    """Told in another way: the first instant whose Paris date is eighteen full years after the birth."""

    def is_of_age(at: datetime, born_on: date) -> bool:
        on = at.astimezone(PARIS).date()
        return (on.year, on.month, on.day) >= (born_on.year + 18, born_on.month, born_on.day)

    for born_on in coming_of_age():
        at = rules.comes_of_age(born_on).astimezone(UTC)
        assert is_of_age(at, born_on) and not is_of_age(at - TICK, born_on), born_on
        assert at.astimezone(PARIS).time().isoformat() == "00:00:00"


def _decides_at(mandate: tuple[UUID, UUID], at: datetime) -> bool:
    """What the gate finds at that instant."""
    from healthspace.access.gate import facts as gate

    child_id, parent_id = mandate
    actor = Actor(kind="representative", id=parent_id, name="", person_id=child_id, own_person_id=parent_id)
    with time_machine.travel(at, tick=False):
        try:
            reads.identity(actor=actor, person_id=child_id)
        except Refused:
            return False
        finally:
            assert gate.LAW_ZONE == PARIS
    return True


def test_gate__at_eighteen_the_parent_is_out_at_midnight_for_forty_years_of_birthdays() -> None:
    jeanne, leo = people.jeanne(), people.leo()
    jeanne.representing(leo)
    pair = (leo.person_id, jeanne.person_id)
    for born_on in coming_of_age():
        ends_at = rules.comes_of_age(born_on)
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(f"SET LOCAL app.person = '{leo.person_id}'")
            cursor.execute(
                "UPDATE access_mandate SET starts_at = %s, ends_at = %s WHERE person_id = %s",
                [ends_at - timedelta(days=6000), ends_at, leo.person_id],
            )
            assert cursor.rowcount == 1
            cursor.execute("COMMIT")
        assert _decides_at(pair, ends_at.astimezone(UTC) - TICK), born_on
        assert not _decides_at(pair, ends_at.astimezone(UTC)), born_on


DAYS: list[Callable[[], people.Holder]] = [
    lambda: people.holder("MOREL", ("LÉO",), date(2008, 2, 29), "M", people.place_in("38")),
    lambda: people.holder("MOREL", ("LÉO",), date(2010, 10, 31), "M", people.place_in("38")),
    lambda: people.holder("MOREL", ("LÉO",), date(2011, 3, 25), "M", people.place_in("38")),
]


@pytest.mark.parametrize("make", DAYS)
def test_charges__at_eighteen_the_child_leaves_the_list_and_is_alone_in_its_record(
    make: Callable[[], people.Holder],
) -> None:
    jeanne, leo = people.jeanne(), make()
    at = rules.comes_of_age(leo.traits.born_on).astimezone(UTC)
    with time_machine.travel(at - TICK, tick=False):
        mother = jeanne.representing(leo)
        assert may_read(mother, leo)
        assert len(reads.charges(actor=jeanne.actor)) == 1
    with time_machine.travel(at, tick=False):
        assert not may_read(mother, leo)
        assert may_read(leo.actor, leo)
        assert reads.charges(actor=jeanne.actor) == ()


def test_gate__costs_a_representative_no_more_messages_than_a_holder() -> None:
    jeanne, leo = people.jeanne(), people.leo()
    mother = jeanne.representing(leo)
    counts = []
    for actor in (leo.actor, mother):
        sent: list[str] = []
        with connection.execute_wrapper(_counting(sent)):
            reads.identity(actor=actor, person_id=leo.person_id)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def _counting(sent: list[str]) -> Callable[..., object]:
    def wrapper(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        sent.append(sql)
        return execute(sql, params, many, context)

    return wrapper


def test_mandate__a_planted_leak_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the gate forgets the end of the mandate."""
    from healthspace.access.gate import facts as gate

    jeanne, leo = people.jeanne(), people.leo()
    mother = jeanne.representing(leo)
    forgetful = gate._FACTS_OF_REPRESENTATIVE.replace(" AND ends_at > %s", " AND starts_at <= %s")
    monkeypatch.setattr(gate, "_FACTS_OF_REPRESENTATIVE", forgetful)
    with time_machine.travel(rules.comes_of_age(leo.traits.born_on), tick=False):
        assert may_read(mother, leo)
