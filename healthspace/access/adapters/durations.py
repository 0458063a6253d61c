"""How long an authorisation lasts when nobody says otherwise, by profession; versioned data."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent.parent / "data" / "durations.json"


@cache
def _versions() -> list[dict[str, Any]]:
    versions: list[dict[str, Any]] = json.loads(_FILE.read_text())["versions"]
    return sorted(versions, key=lambda version: str(version["valid_from"]))


def duration(profession: str, on: date) -> timedelta:
    """The usual length of a care relation with this TRE_G15 profession."""
    in_force = [v for v in _versions() if v["valid_from"] <= on.isoformat()]
    version = in_force[-1] if in_force else _versions()[0]
    return timedelta(days=version["days_by_profession"].get(profession, version["default_days"]))
