"""The matrix profession x document type, read from versioned data (domain 4.4, decision 16)."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from healthspace.terminology import reads as terminology

_FILE = Path(__file__).parent.parent / "data" / "matrix.json"


@cache
def _versions() -> list[dict[str, Any]]:
    versions: list[dict[str, Any]] = json.loads(_FILE.read_text())["versions"]
    return sorted(versions, key=lambda v: str(v["valid_from"]))


def readable_types(profession: str, on: date) -> frozenset[str] | None:
    """The type codes that this TRE_G15 profession may read that day; None without a row."""
    in_force = [v for v in _versions() if v["valid_from"] <= on.isoformat()]
    return _row(str(in_force[-1]["valid_from"]), profession) if in_force else None


@cache
def _row(valid_from: str, profession: str) -> frozenset[str] | None:
    version = next(v for v in _versions() if v["valid_from"] == valid_from)
    row = version["professions"].get(profession)
    if row is None:
        return None
    return frozenset(
        kind.code
        for kind in terminology.document_types().values()
        if kind.class_code and _is_open(row.get(kind.class_code, "none"), kind.code)
    )


def _is_open(cell: str | dict[str, list[str]], type_code: str) -> bool:
    if isinstance(cell, str):
        return cell == "all"
    if "only" in cell:
        return type_code in cell["only"]
    return type_code not in cell["except"]
