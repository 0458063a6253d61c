"""The categories of reimbursed care, as data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).parent.parent / "data" / "care_categories.json"


@dataclass(frozen=True, slots=True)
class Category:
    """One category, in the order in which pages show them."""

    code: str
    icon: str
    fr: str
    en: str

    def label(self, language: str) -> str:
        """Its name in this language."""
        return self.fr if language.startswith("fr") else self.en


@cache
def categories() -> Mapping[str, Category]:
    """Every category by its code."""
    rows = json.loads(_FILE.read_text())["categories"]
    return MappingProxyType({row["code"]: Category(row["code"], row["icon"], row["fr"], row["en"]) for row in rows})
