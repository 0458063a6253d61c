"""Coming of age: told to child and parents three months, one month, one day before, and on the day; once each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from healthspace.access import actions, rules
from healthspace.access.actions import majority
from healthspace.spaces import actions as spaces
from tests import people
from tests.roles import as_the_worker
from tests.rooms.test_access_mandates import PARIS, TICK, coming_of_age
from tests.rooms.test_access_parents import delivered, told

STEPS = ("quarter", "month", "day", "now")


def noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 12, tzinfo=PARIS).astimezone(UTC)


def turn(at: datetime, *children: people.Holder) -> list[str]:
    """One turn of the worker at this instant; which steps it told of these children."""
    with time_machine.travel(at, tick=False):
        with as_the_worker():
            found = actions.tell_majorities()
        delivered()
    ids = {child.person_id for child in children}
    return [one.step for one in found if one.child_id in ids]


def same_day_before(on: date, months: int) -> date:
    """Told in another way: back by days until the month is right and the day not later."""
    wanted = (on.month - months - 1) % 12 + 1
    day = on
    while day.month != wanted or day.day > on.day:
        day -= timedelta(days=1)
    return day


def test_step__forty_years_of_birthdays() -> None:
    for born_on in coming_of_age():
        adult_at = rules.comes_of_age(born_on)
        on = adult_at.astimezone(PARIS).date()
        starts = [same_day_before(on, 3), same_day_before(on, 1), on - timedelta(days=1), on]
        for place, start in enumerate(starts):
            midnight = datetime(start.year, start.month, start.day, tzinfo=PARIS).astimezone(UTC)
            before = STEPS[place - 1] if place else ""
            assert rules.majority_step(adult_at, midnight - TICK) == before, born_on
            assert rules.majority_step(adult_at, midnight) == STEPS[place], born_on
        assert rules.majority_step(adult_at, noon(on + timedelta(days=31))) == ""


def soon_of_age(adult_on: date) -> people.Holder:
    born_on = date(adult_on.year - 18, adult_on.month, adult_on.day)
    return people.holder("MOREL", ("INÈS",), born_on, "F", people.place_in("38"))


@pytest.mark.parametrize("adult_on", [date(2028, 2, 29), date(2027, 3, 28), date(2027, 10, 31), date(2027, 5, 31)])
def test_tell__both_sides_once_at_each_step(adult_on: date) -> None:
    if (adult_on.month, adult_on.day) == (2, 29):
        ines = people.holder("MOREL", ("INÈS",), date(2008, 2, 29), "F", people.place_in("38"))
        adult_on = date(2026, 3, 1)
    else:
        ines = soon_of_age(adult_on)
    jeanne, marc = people.jeanne(), people.paul()
    with time_machine.travel(noon(adult_on - timedelta(days=400)), tick=False):
        for parent in (jeanne, marc):
            parent.representing(ines)
    days = [same_day_before(adult_on, 3), same_day_before(adult_on, 1), adult_on - timedelta(days=1), adult_on]
    assert turn(noon(days[0] - timedelta(days=1)), ines) == []
    for step, day in zip(STEPS, days, strict=True):
        assert turn(noon(day), ines) == [step]
        assert turn(noon(day) + timedelta(hours=3), ines) == []
    with time_machine.travel(noon(adult_on), tick=False):
        assert [one for one in reversed(told(ines)) if "majority" in one] == [f"majority_{step}" for step in STEPS]
        for parent in (jeanne, marc):
            found = [one for one in reversed(told(parent)) if "majority" in one]
            assert found == [f"child_majority_{step}" for step in STEPS]


def test_tell__a_step_that_was_missed_is_not_told_late() -> None:
    ines, jeanne = soon_of_age(date(2027, 6, 20)), people.jeanne()
    with time_machine.travel(noon(date(2026, 1, 5)), tick=False):
        jeanne.representing(ines)
    assert turn(noon(date(2027, 6, 10)), ines) == ["month"]
    assert turn(noon(date(2027, 6, 25)), ines) == ["now"]
    assert turn(noon(date(2027, 8, 25)), ines) == []


def test_tell__nobody_whose_space_is_closed_and_nobody_who_renounced() -> None:
    ines, zoe, jeanne, marc = (
        soon_of_age(date(2027, 6, 20)),
        soon_of_age(date(2027, 6, 20)),
        people.jeanne(),
        people.paul(),
    )
    with time_machine.travel(noon(date(2026, 1, 5)), tick=False):
        for parent in (jeanne, marc):
            parent.representing(ines)
            parent.representing(zoe)
        actions.renounce(actor=marc.actor, child_id=ines.person_id)
        spaces.close(actor=zoe.actor, person_id=zoe.person_id)
    assert turn(noon(date(2027, 6, 10)), ines, zoe) == ["month"]
    with time_machine.travel(noon(date(2027, 6, 10)), tick=False):
        assert "child_majority_month" in told(jeanne) and told(jeanne).count("child_majority_month") == 1
        assert "child_majority_month" not in told(marc)


def test_tell__a_planted_double_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the marks are forgotten, so the second turn tells again."""
    ines, jeanne = soon_of_age(date(2027, 6, 20)), people.jeanne()
    with time_machine.travel(noon(date(2026, 1, 5)), tick=False):
        jeanne.representing(ines)
    monkeypatch.setattr(majority, "uuid5", lambda *_: uuid4())
    assert turn(noon(date(2027, 6, 10)), ines) == ["month"]
    assert turn(noon(date(2027, 6, 11)), ines) == ["month"]
