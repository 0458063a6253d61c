"""docs/threats.md is true: every test that it names is there, every threat has a test or an issue."""

from __future__ import annotations

import ast
import re

from tests.promises.source import ROOT

PAGE = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def rows() -> list[list[str]]:
    lines = [line for line in PAGE.splitlines() if re.match(r"\| T\d\d \|", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def is_there(file: str, test: str) -> bool:
    path = ROOT / "tests" / file
    if not path.exists():
        return False
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == test for node in tree.body)


def test_threats__every_one_is_told_once() -> None:
    assert [row[0] for row in rows()] == [f"T{number:02}" for number in range(1, 71)]


def test_threats__every_named_test_is_there() -> None:
    missing = [f"{file}::{test}" for file, test in NAMED.findall(PAGE) if not is_there(file, test)]
    assert not missing


def test_threats__each_has_a_test_or_the_issue_that_brings_it() -> None:
    for number, abuse, held_by, later in rows():
        assert abuse, number
        assert NAMED.search(held_by) or re.search(r"issue \d", later), number


def test_is_there__a_test_that_vanished_is_missed() -> None:
    assert not is_there("promises/test_threats.py", "test_nothing")
    assert not is_there("promises/test_nowhere.py", "test_threats__every_one_is_told_once")


def test_lock__names_the_hash_of_every_package() -> None:
    """What is installed is what was looked at: no package without its hash (T65)."""
    for name in ("runtime.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        packages = re.split(r"\n(?=[a-zA-Z0-9])", "\n".join(r for r in text.splitlines() if not r.startswith("#")))
        bare = [package.split()[0] for package in packages if "==" in package and "--hash=sha256:" not in package]
        assert not bare
        assert len(packages) > 5
