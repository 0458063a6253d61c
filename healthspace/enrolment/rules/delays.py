"""Delays and limits of enrolment, read from `data/delays.json` with the article behind each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

_READ: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "delays.json").read_text(encoding="utf-8")
)

WINDOW_DAYS: Final[int] = _READ["window"]["days"]
ZONE: Final[str] = _READ["window"]["zone"]
UNDO_DAYS: Final[int] = _READ["undo"]["days"]
CODE_DAYS: Final[int] = _READ["code"]["days"]
WRONG_TRIES: Final[int] = _READ["code"]["wrong_tries"]
RENEWALS: Final[int] = _READ["code"]["renewals"]
RENEWAL_DAYS: Final[int] = _READ["code"]["renewal_days"]
PAUSE_SECONDS: Final[int] = _READ["code"]["pause_seconds"]
