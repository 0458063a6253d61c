"""What may be told of numbers of people: nothing of groups so small that somebody could be known in them.

A number from 1 to 9 is not told; and where a total stands beside, a second one is left out too, so that the
first cannot be had by subtraction. Ages are told in bands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

SMALLEST_TOLD: Final = 10
AGES: Final[tuple[tuple[str, int, int], ...]] = (
    ("0-17", 0, 17),
    ("18-29", 18, 29),
    ("30-44", 30, 44),
    ("45-59", 45, 59),
    ("60-74", 60, 74),
    ("75+", 75, 200),
)
Table = Sequence[Sequence[int]]
Told = tuple[tuple[int | None, ...], ...]


def told(table: Table) -> Told:
    """The table with None where a number is not told; its rows and columns have totals that are.

    Small numbers go first; then, while a row or column hides exactly one, its smallest other number goes
    too (a zero only when nothing else is left to go).
    """
    cells: list[list[int | None]] = [
        [None if 0 < number < SMALLEST_TOLD else number for number in row] for row in table
    ]
    lines = _lines(table)
    while hidden := next((line for line in lines if _hides_one(cells, line)), None):
        shown = [(row, column) for row, column in hidden if cells[row][column] is not None]
        row, column = min(shown, key=lambda place: (not table[place[0]][place[1]], table[place[0]][place[1]]))
        cells[row][column] = None
    return tuple(tuple(row) for row in cells)


def is_told(number: int) -> bool:
    """Whether a number may stand alone."""
    return number == 0 or number >= SMALLEST_TOLD


def _lines(table: Table) -> list[list[tuple[int, int]]]:
    rows = [[(row, column) for column in range(len(table[row]))] for row in range(len(table))]
    columns = [[(row, column) for row in range(len(table))] for column in range(len(table[0]) if table else 0)]
    return rows + columns


def _hides_one(cells: list[list[int | None]], line: list[tuple[int, int]]) -> bool:
    return len(line) > 1 and sum(cells[row][column] is None for row, column in line) == 1
