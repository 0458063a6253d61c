"""The six weeks of the law (CSP R1111-28), on the clock that hangs on the wall in Paris."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from healthspace.enrolment.rules import delays

PARIS: Final = ZoneInfo(delays.ZONE)


def deadline(sent_at: datetime | date) -> datetime:
    """When the window ends, in UTC: the same wall time 42 days after the sending (ENR-3, T1).

    A date alone counts from its midnight. An hour that the change of clocks takes away or gives twice is
    read as the later one, so nobody loses a minute. `ValueError` for an instant without its zone.
    """
    return _later(sent_at, delays.WINDOW_DAYS)


def undo_until(answered_at: datetime) -> datetime:
    """Until when an answer given by somebody else can be undone (T25), in UTC."""
    return _later(answered_at, delays.UNDO_DAYS)


def code_expires(issued_at: datetime | date) -> datetime:
    """When a provisional code dies (ENR-4), in UTC."""
    return _later(issued_at, delays.CODE_DAYS)


def last_day(deadline_at: datetime) -> date:
    """The last whole day to answer, as printed: "until ... included"; never later than the law's end."""
    return deadline_at.astimezone(PARIS).date() - timedelta(days=1)


def opening_day(deadline_at: datetime) -> date:
    """The day on which an unanswered space opens, as printed."""
    return deadline_at.astimezone(PARIS).date()


def is_over(deadline_at: datetime, now: datetime) -> bool:
    """True from the very instant of the deadline on (T1: D+41 23:59 is in time, D+42 00:00 is not)."""
    return now >= deadline_at


def _later(start: datetime | date, days: int) -> datetime:
    if not isinstance(start, datetime):
        start = datetime.combine(start, time(), PARIS)
    elif start.tzinfo is None:
        raise ValueError("an instant needs its zone")
    wall = start.astimezone(PARIS).replace(tzinfo=None) + timedelta(days=days)
    return max(wall.replace(tzinfo=PARIS, fold=fold).astimezone(UTC) for fold in (0, 1))
