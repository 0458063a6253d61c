"""The operator's numbers: right when counted by another statement, and silent about small groups."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.enrolment import models
from healthspace.enrolment.actions import counting
from healthspace.enrolment.actions.cases import open_once
from healthspace.enrolment.reads import case_lines, cases, numbers
from healthspace.enrolment.rules import claims
from healthspace.enrolment.rules import numbers as rules
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from tests.factories import enrollees
from tests.rooms import letters
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


@given(TABLES)
def test_told__no_hidden_number_follows_from_all_totals_together(table: list[list[int]]) -> None:
    """Each hidden cell may be another number while every total stays: it is on a circle of hidden cells."""
    cells = rules.told(table)
    if len(cells) < 2 or len(cells[0]) < 2:
        return
    hidden = [(row, column) for row, line in enumerate(cells) for column, cell in enumerate(line) if cell is None]
    for row, column in hidden:
        reached = {("row", row)}
        for _ in hidden:
            for one in set(hidden) - {(row, column)}:
                ends = {("row", one[0]), ("column", one[1])}
                if ends & reached:
                    reached |= ends
        assert ("column", column) in reached


def test_told__a_bridge_between_two_hidden_blocks_is_not_left() -> None:
    far = 50
    table = [
        [4, 5, far, far, far],
        [6, 7, far, far, far],
        [far, 3, far, 2, far],
        [far, far, far, 8, 9],
        [far, far, far, 5, 5],
    ]
    cells = rules.told(table)
    assert sum(cell is None for cell in cells[2]) >= 2
    assert sum(cell is None for row in cells for cell in row) > 10


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


def test_count_once__leaves_the_open_cases_for_the_pages_without_anybody(apart: str) -> None:
    somebody = [enrollees.adult().person_id for _ in range(case_lines.SHOWN + 2)]
    with connected("worker", apart):
        open_once(somebody, kind="unreachable")
        open_once(somebody[:1], kind="came_back_late")
        counting.count_once()
        counting.count_once()
    kinds = {one.kind: one for one in case_lines.case_kinds()}
    assert {kind: (one.number, len(one.oldest)) for kind, one in kinds.items()} == {
        "unreachable": (case_lines.SHOWN + 2, case_lines.SHOWN),
        "came_back_late": (1, 1),
    }
    assert set(somebody).isdisjoint({line.case_id for one in kinds.values() for line in one.oldest})


def test_count_once__forgets_what_no_page_shows(apart: str) -> None:
    enrollees.adult()
    with connected("worker", apart):
        with time_machine.travel(clock.now() - timedelta(days=rules.DAYS_SHOWN + 1)):
            counting.count_once()
        with time_machine.travel(clock.now() - timedelta(days=1)):
            counting.count_once()
        counting.count_once()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT as_of) FROM enrolment_count")
        assert cursor.fetchone()[0] == 2


def test_count_once__a_person_counts_under_the_way_of_the_last_refusal(apart: str) -> None:
    amina, at = letters.told(), clock.now()
    with transaction.atomic():
        set_context(amina.person_id)
        for channel, days in (("web", 3), ("phone", 1)):
            models.Answer.objects.create(
                person_id=amina.person_id, kind="opposed", channel=channel, by_kind="holder",
                at=at - timedelta(days=days), text_version="1", text_digest="", sealed=b"",
            )  # fmt: skip
    spaces.oppose(actor=SYSTEM, person_id=amina.person_id)
    with connected("worker", apart):
        counting.count_once()
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, number FROM enrolment_tally WHERE subject = 'refusals'")
        assert cursor.fetchall() == [("phone", 1)]


def test_is_locked__the_fifth_try_is_the_last_however_it_is_counted() -> None:
    assert [claims.is_locked(tries, is_counted=True) for tries in (4, 5, 6)] == [False, False, True]
    assert [claims.is_locked(tries, is_counted=False) for tries in (4, 5, 6)] == [False, True, True]
