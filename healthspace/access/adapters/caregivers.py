"""How many helpers, how long: versioned data; and which document types a category opens."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from healthspace.access.rules import RIGHTS, Limits
from healthspace.terminology import reads as terminology

_FILE = Path(__file__).parent.parent / "data" / "caregivers.json"
_NAMES: Final = tuple(Limits.__dataclass_fields__)


@cache
def _versions() -> list[dict[str, Any]]:
    versions: list[dict[str, Any]] = json.loads(_FILE.read_text())["versions"]
    return sorted(versions, key=lambda version: str(version["valid_from"]))


def limits(on: date) -> Limits:
    """The numbers in force that day."""
    in_force = [version for version in _versions() if version["valid_from"] <= on.isoformat()]
    version = in_force[-1] if in_force else _versions()[0]
    return Limits(**{name: version[name] for name in _NAMES})


def readable_types(categories: Collection[str]) -> frozenset[str]:
    """The type codes of these categories, papers about rights left out (T23)."""
    return _types(frozenset(categories))


@cache
def _types(categories: frozenset[str]) -> frozenset[str]:
    known = terminology.document_types().values()
    return frozenset(kind.code for kind in known if kind.category in categories) - RIGHTS
