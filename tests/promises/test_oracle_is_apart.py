"""The second reading of the law shares nothing with the first (security 5.2)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ORACLE = Path(__file__).parent.parent / "oracle"
APART = ("law.py", "matrix.py")
MAY_IMPORT = {"__future__", "typing", "json", "re", "functools", "pathlib"}


def imported(source: str) -> set[str]:
    """The top names of everything a module imports, at any depth."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." if node.level else (node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("name", APART)
def test_oracle__imports_nothing_of_the_product(name: str) -> None:
    source = (ORACLE / name).read_text(encoding="utf-8")
    assert imported(source) <= MAY_IMPORT
    assert "importlib" not in source
    assert "__import__" not in source


def test_oracle__is_imported_by_no_product_code() -> None:
    for path in (ORACLE.parent.parent / "healthspace").rglob("*.py"):
        assert "tests" not in imported(path.read_text(encoding="utf-8")), path.name


def test_imported__finds_a_hidden_import() -> None:
    assert imported("def f():\n    from healthspace.access import rules\n") == {"healthspace"}
