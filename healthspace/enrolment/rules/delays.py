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
MAJORITY_YEARS: Final[int] = _READ["majority"]["years"]
CLAIM_MINUTES: Final[int] = _READ["claim"]["minutes"]
TRIES_MINUTES: Final[int] = _READ["tries"]["minutes"]
TRIES_OF_SOURCE: Final[int] = _READ["tries"]["of_source"]
TRIES_OF_PAIR: Final[int] = _READ["tries"]["of_pair"]
TRIES_OF_NATION: Final[int] = _READ["tries"]["of_nation"]
TRIES_OF_SOURCE_IN_ALARM: Final[int] = _READ["tries"]["of_source_in_alarm"]
CONTACT_MINUTES: Final[int] = _READ["contact"]["minutes"]
CONTACT_PAUSE_SECONDS: Final[int] = _READ["contact"]["pause_seconds"]
CONTACT_WRONG_TRIES: Final[int] = _READ["contact"]["wrong_tries"]
CONTACT_DIGITS: Final[int] = _READ["contact"]["digits"]
CONTACT_SENDS_AN_HOUR: Final[int] = _READ["contact"]["sends_an_hour"]
CONTACT_SENDS_OF_CLAIM: Final[int] = _READ["contact"]["sends_of_claim"]
CAME_BACK_DAYS: Final[int] = _READ["opening"]["came_back_days"]
SMALLEST_TOLD: Final[int] = _READ["numbers"]["smallest_told"]
DAYS_SHOWN: Final[int] = _READ["numbers"]["days_shown"]
AGE_BANDS: Final[tuple[int, ...]] = tuple(_READ["numbers"]["age_bands"])
