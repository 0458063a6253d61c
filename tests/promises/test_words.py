"""Every table and every act has its word in docs/words.md, with the term of the law (habit 1)."""

from __future__ import annotations

import re

import pytest
from django.apps import apps

from tests.promises.source import ROOT, product

PAGE = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`([A-Za-z_]+)`", PAGE))
ROOMS = {"documents", "access", "spaces", "people", "audit", "vault", "outbox", "notifications", "profile"}


def tables() -> set[str]:
    return {m.__name__ for m in apps.get_models() if m.__module__.startswith("healthspace.")}


def acts() -> set[str]:
    return {
        function.name
        for module in product()
        if module.room in ROOMS and module.part == "actions"
        for function in module.public()
    }


@pytest.mark.parametrize("table", sorted(tables()))
def test_words__every_table_is_told(table: str) -> None:
    assert table in WORDS


@pytest.mark.parametrize("act", sorted(acts()))
def test_words__every_act_is_told(act: str) -> None:
    assert act in WORDS


def test_words__every_row_gives_a_term_and_a_source() -> None:
    for line in PAGE.splitlines():
        if line.startswith("| ") and not line.startswith(("| code", "|---")):
            assert len([cell for cell in line.strip("|").split("|") if cell.strip()]) == 3, line
