"""FHIR dates and times, whole or partial, towards aware instants and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LAW_ZONE: Final = ZoneInfo("Europe/Paris")
Span = tuple[datetime, datetime]


def span(text: str) -> Span | None:
    """First instant and first instant after what a FHIR date or dateTime covers; None if there is none."""
    try:
        if "T" in text:
            start = _instant(text)
            return start, start + _precision(text)
        return _days(text)
    except (ValueError, OverflowError):
        return None


def start(text: str) -> datetime | None:
    """The first instant that a FHIR date or dateTime covers, aware, in UTC."""
    both = span(text)
    return both[0] if both else None


def told(instant: datetime) -> str:
    """An instant as FHIR writes it, to the millisecond, in UTC."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def http_date(instant: datetime) -> str:
    """An instant as HTTP writes it (RFC 9110, 5.6.7)."""
    moment = instant.astimezone(UTC)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.weekday()]
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[moment.month - 1]
    return f"{day}, {moment.day:02} {month} {moment.year} {moment:%H:%M:%S} GMT"


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=LAW_ZONE)
    return moment.astimezone(UTC)


def _precision(text: str) -> timedelta:
    clock = text.split("T", 1)[1].rstrip("Z").split("+")[0].split("-")[0]
    if clock.count(":") == 1:
        return timedelta(minutes=1)
    return timedelta(milliseconds=1) if "." in clock else timedelta(seconds=1)


def _days(text: str) -> Span:
    parts = [int(part) for part in text.split("-")]
    if not all(part.isdecimal() for part in text.split("-")) or len(text.split("-", maxsplit=1)[0]) != 4:
        raise ValueError(text)
    if len(parts) == 1:
        first, after = date(parts[0], 1, 1), date(parts[0] + 1, 1, 1)
    elif len(parts) == 2:
        first = date(parts[0], parts[1], 1)
        after = (first + timedelta(days=32)).replace(day=1)
    else:
        first = date(*parts)
        after = first + timedelta(days=1)
    return _midnight(first), _midnight(after)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LAW_ZONE).astimezone(UTC)
