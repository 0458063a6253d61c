"""Ages, texts of statements and limits of families: versioned data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from healthspace.access.rules import AgePolicy

_DATA: Final = Path(__file__).parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Statement:
    """A text that somebody certifies, as it was read."""

    version: str
    text: str


@cache
def _read(name: str) -> Any:
    return json.loads((_DATA / name).read_text(encoding="utf-8"))


def _version(name: str, on: date) -> Any:
    versions = sorted(_read(name)["versions"], key=lambda version: str(version["valid_from"]))
    return ([v for v in versions if v["valid_from"] <= on.isoformat()] or versions[:1])[-1]


def policy(on: date) -> AgePolicy:
    """The ages that hold on this day; before the first version, those of the first."""
    chosen = _version("ages.json", on)
    return AgePolicy(
        date.fromisoformat(chosen["valid_from"]),
        chosen["own_sign_in"],
        chosen["own_sign_in_with_parents"],
        chosen["hides_from_parents"],
    )


def statement(language: str) -> Statement:
    """The text that a legal representative certifies now, in French or English."""
    newest = _read("statements.json")["legal_representative"][-1]
    return Statement(newest["version"], newest["fr" if language.startswith("fr") else "en"])


def limit(name: str) -> int:
    """One figure of `data/families.json`: days, or how many."""
    return int(_read("families.json")[name])


def longest_years(kind: str, on: date) -> int | None:
    """How long a protection of this kind, decided on this day, runs at most, in years; None without a limit."""
    years: int | None = _version("protections.json", on)["longest_years"][kind]
    return years
