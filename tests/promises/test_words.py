"""docs/words.md names every table and every act."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from healthspace.config import env

ROOMS = env.ROOT / "healthspace"


def acts() -> set[str]:
    """Public functions of every room's actions."""
    files = [*ROOMS.glob("*/actions.py"), *ROOMS.glob("*/actions/*.py")]
    return {name for file in files for name in _defined(file, ast.FunctionDef)}


def tables() -> set[str]:
    """Classes of every room's models that are tables."""
    found: set[str] = set()
    for file in ROOMS.glob("*/models.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and any("Table" in ast.unparse(base) for base in node.bases):
                found.add(node.name)
    return found


def _defined(file: Path, kind: type[ast.FunctionDef]) -> list[str]:
    body = ast.parse(file.read_text(encoding="utf-8")).body
    return [node.name for node in body if isinstance(node, kind) and not node.name.startswith("_")]


def test_words__name_every_table_and_act() -> None:
    words = set(re.findall(r"`([^`]+)`", (env.ROOT / "docs/words.md").read_text(encoding="utf-8")))
    assert sorted((acts() | tables()) - words) == []


def test_words__rows_have_three_columns() -> None:
    lines = (env.ROOT / "docs/words.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("|") and line.count("|") != 4] == []
