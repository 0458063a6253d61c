"""How long a closed space is kept, read from `data/delays.json` with the article behind each delay."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

_READ: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "delays.json").read_text(encoding="utf-8")
)
ZONE: Final = ZoneInfo(_READ["zone"])
ARCHIVE_YEARS: Final[int] = _READ["archive"]["years"]
DELETION_DAYS: Final[int] = _READ["deletion"]["days"]
SUSPENSION_DAYS: Final[int] = _READ["suspension"]["days"]
CONTACT: Final[dict[str, Any]] = _READ["contact"]


def archive_until(closed_on: date) -> date:
    """The last day of the ten years (CSP R.1111-36); 29 February becomes 1 March."""
    try:
        return closed_on.replace(year=closed_on.year + ARCHIVE_YEARS)
    except ValueError:
        return date(closed_on.year + ARCHIVE_YEARS, 3, 1)


def archive_ends_at(until: date) -> datetime:
    """The midnight after that last day, where the law holds; from then on it is destroyed."""
    return _midnight(until + timedelta(days=1))


def deletion_due_at(asked_on: date) -> datetime:
    """When a deletion that was asked for is carried out: before three months are over (CLO-2)."""
    return _midnight(asked_on + timedelta(days=DELETION_DAYS))


def suspension_ends_at(suspended_on: date) -> datetime:
    """When a suspension nobody objected to closes the space: after six whole weeks (CLO-4)."""
    return _midnight(suspended_on + timedelta(days=SUSPENSION_DAYS + 1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
