"""The operator's numbers: right when counted by another statement, and silent about small groups."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthspace.common.actor import SYSTEM
from healthspace.enrolment.actions import counting
from healthspace.enrolment.actions.cases import open_once
from healthspace.enrolment.reads import cases, numbers
from healthspace.enrolment.rules import numbers as rules
from healthspace.spaces import actions as spaces
from tests.factories import enrollees
from tests.rooms.ledger import connected, database_apart

TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=1, max_size=4)
)


@pytest.fixture
def apart() -> Iterator[str]:
    with database_apart() as name:
        yield name


def test_told__hides_one_to_nine_and_a_second_one_beside_a_total() -> None:
    assert rules.told([[100, 3, 0, 40]]) == ((100, None, 0, None),)
    assert rules.told([[0, 10], [20, 30]]) == ((0, 10), (20, 30))
    assert rules.told([[5, 50], [60, 70]]) == ((None, None), (None, None))
    assert rules.told([]) == ()


@given(TABLES)
def test_told__no_small_number_follows_from_what_is_told(table: list[list[int]]) -> None:
    """Against every reader who subtracts: each row and column hides none, or two at least, or all there is."""
    cells = rules.told(table)
    for row, shown in zip(table, cells, strict=True):
        assert all(told in {None, real} for told, real in zip(shown, row, strict=True))
        assert not any(told is not None and 0 < told < 10 for told in shown)
    lines = [*cells, *zip(*cells, strict=True)]
    for line in lines:
        hidden = sum(cell is None for cell in line)
        assert hidden != 1 or len(line) == 1


def test_count_once__agrees_with_what_was_made_and_tells_rates(apart: str) -> None:
    somebody = [enrollees.adult(department="31", state="informed") for _ in range(24)]
    for one in somebody[:12]:
        spaces.oppose(actor=SYSTEM, person_id=one.person_id)
    rest = [enrollees.adult(department="44", state="open_inactive", has_care_history=True) for _ in range(11)]
    rest += [enrollees.adult(department="44", state="open_inactive") for _ in range(13)]
    enrollees.adult(department="80", state="informed")
    with connected("worker", apart):
        counting.count_once()
    at = numbers.counted_at()
    assert at is not None
    rows = {row.key: row for row in numbers.by("department", at)}
    assert rows["31"].refusal_rate is None
    assert rows["31"].cells["informed"] is None  # else the one person of 80 would follow
    assert rows["80"].persons is None
    assert rows["80"].cells["informed"] is None
    assert (rows["44"].cells["opened"], rows["44"].empty_shells) == (24, 13)
    assert round(rows["44"].empty_rate or 0, 1) == 54.2
    everybody = numbers.total(at)
    assert (everybody.persons, everybody.cells["refused"], everybody.empty_shells) == (49, 12, 13)
    assert sum(row.persons or 0 for row in numbers.by("channel", at)) == 49


def test_count_once__keeps_one_count_a_day(apart: str) -> None:
    enrollees.adult()
    with connected("worker", apart):
        for _ in itertools.repeat(None, 3):
            counting.count_once()
    at = numbers.counted_at()
    assert at is not None
    assert len(numbers.days(at)) == 1


def test_count_once__the_doors_role_counts_nobody(apart: str) -> None:
    enrollees.adult()
    counting.count_once()
    assert numbers.counted_at() is None


def test_open_cases__lists_what_waits_and_the_doors_role_sees_nothing(apart: str) -> None:
    amina = enrollees.adult()
    with connected("worker", apart):
        assert open_once([amina.person_id], kind="unreachable") == 1
        (found,) = cases.open_cases()
        assert (found.kind, found.person_id, dict(found.details)) == ("unreachable", amina.person_id, {})
        assert cases.open_cases(kind="late_refusal") == ()
    assert cases.open_cases() == ()
