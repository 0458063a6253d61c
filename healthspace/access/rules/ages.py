"""What changes with a birthday."""

from __future__ import annotations

from datetime import date, datetime

from healthspace.access.rules.terms import (
    LAW_ZONE,
    MAJORITY_YEARS,
)


def comes_of_age(born_on: date) -> datetime:
    """The instant at which nobody acts for a child any more: 00:00 of the eighteenth birthday in Paris (CHI-6).

    Who was born on 29 February comes of age on 1 March: no year eighteen years after a leap year is one.
    """
    month, day = (3, 1) if (born_on.month, born_on.day) == (2, 29) else (born_on.month, born_on.day)
    return datetime(born_on.year + MAJORITY_YEARS, month, day, tzinfo=LAW_ZONE)
