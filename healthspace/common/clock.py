"""The one clock of the product, so that tests can move it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def today(tz: str = "Europe/Paris") -> date:
    """The calendar day where the law counts its delays."""
    return datetime.now(ZoneInfo(tz)).date()
