"""What changes with a birthday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from healthspace.access.rules.terms import (
    LAW_ZONE,
    MAJORITY_YEARS,
)

MajorityStep = Literal["", "quarter", "month", "day", "now"]
# Who was not told on the day itself, because the worker stood still, is told within this time; later it is no news.
NEWS_LASTS: Final = timedelta(days=31)
BEFORE: Final[tuple[tuple[MajorityStep, int], ...]] = (("month", 1), ("quarter", 3))


@dataclass(frozen=True, slots=True)
class AgePolicy:
    """The ages of one version of `data/ages.json`, in years; they hold from `valid_from` on."""

    valid_from: date
    own_sign_in: int
    own_sign_in_with_parents: int
    hides_from_parents: int


def turns(born_on: date, years: int) -> datetime:
    """The instant at which somebody is so many years old: 00:00 of the birthday in Paris.

    Who was born on 29 February has the birthday on 1 March of the years that have no such day.
    """
    on = _day(born_on.year + years, born_on)
    return datetime(on.year, on.month, on.day, tzinfo=LAW_ZONE)


def _day(year: int, born_on: date) -> date:
    try:
        return date(year, born_on.month, born_on.day)
    except ValueError:
        return date(year, 3, 1)


def comes_of_age(born_on: date) -> datetime:
    """The instant at which nobody acts for a child any more: 00:00 of the eighteenth birthday in Paris (CHI-6).

    Who was born on 29 February comes of age on 1 March: no year eighteen years after a leap year is one.
    """
    return turns(born_on, MAJORITY_YEARS)


def years_old(born_on: date, at: datetime) -> int:
    """Full years at this instant in Paris."""
    today = at.astimezone(LAW_ZONE).date()
    return today.year - born_on.year - (today < _day(today.year, born_on))


def majority_step(adult_at: datetime, at: datetime) -> MajorityStep:
    """What is to be told now of a coming of age: three months, one month, one day before, the day itself; or nothing.

    A step that was missed is not told late: the next one is.
    """
    adult_on, today = adult_at.astimezone(LAW_ZONE).date(), at.astimezone(LAW_ZONE).date()
    if today >= adult_on:
        return "now" if today < adult_on + NEWS_LASTS else ""
    if today >= adult_on - timedelta(days=1):
        return "day"
    return next((step for step, months in BEFORE if today >= _months_before(adult_on, months)), "")


def _months_before(on: date, months: int) -> date:
    """The same day so many months before, or the last of a shorter month."""
    count = on.year * 12 + on.month - 1 - months
    first = date(count // 12, count % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(on.day, last.day))


def may_sign_in(policy: AgePolicy, *, age: int, have_parents_agreed: bool) -> bool:
    """A minor of this age may have a sign-in of their own: alone, or earlier when every parent agrees (CHI-7)."""
    return age >= policy.own_sign_in or (age >= policy.own_sign_in_with_parents and have_parents_agreed)
