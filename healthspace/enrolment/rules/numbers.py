"""What may be told of numbers of people: nothing of groups so small that somebody could be known in them.

A number from 1 to 9 is not told; and where a total stands beside, a second one is left out too, so that the
first cannot be had by subtraction. Ages are told in bands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from healthspace.enrolment.rules import delays

SMALLEST_TOLD: Final = delays.SMALLEST_TOLD
DAYS_SHOWN: Final = delays.DAYS_SHOWN
OLDEST_BAND: Final = f"{delays.AGE_BANDS[-1]}+"
BANDS: Final[tuple[tuple[str, int], ...]] = tuple(
    (f"{first}-{after - 1}", after - 1) for first, after in pairwise(delays.AGE_BANDS)
)
"""Name and last age of each band but the oldest."""
AGES: Final = (*(name for name, _last in BANDS), OLDEST_BAND)
Table = Sequence[Sequence[int]]
Told = tuple[tuple[int | None, ...], ...]
Place = tuple[int, int]
Knot = tuple[str, int]


def told(table: Table) -> Told:
    """The table with None where a number is not told; its rows and columns have totals that are.

    Small numbers go first; then, while one of the hidden can be had by subtraction, another one of its row
    (or column) goes too: the smallest, a zero only when nothing else is left to go.
    """
    cells: list[list[int | None]] = [
        [None if 0 < number < SMALLEST_TOLD else number for number in row] for row in table
    ]
    while place := _next(cells, table):
        cells[place[0]][place[1]] = None
    return tuple(tuple(row) for row in cells)


def is_told(number: int) -> bool:
    """Whether a number may stand alone."""
    return number == 0 or number >= SMALLEST_TOLD


def _next(cells: list[list[int | None]], table: Table) -> Place | None:
    """What to hide next, so that fewer of the hidden follow from the totals; None when none does."""
    for row, column in _known(cells):
        lines = [[(row, other) for other in range(len(cells[0]))], [(other, column) for other in range(len(cells))]]
        for line in sorted(lines, key=lambda line: sum(cells[place[0]][place[1]] is None for place in line)):
            shown = [place for place in line if cells[place[0]][place[1]] is not None]
            if shown:
                return min(shown, key=lambda place: _loss(cells, table, place))
    return None


def _loss(cells: list[list[int | None]], table: Table, place: Place) -> tuple[bool, bool, int]:
    """Better to hide first: beside others that are hidden (it may close a circle), no zero, small."""
    row, column = place
    is_beside = None in cells[row] and any(line[column] is None for line in cells)
    return not is_beside, not table[row][column], table[row][column]


def _known(cells: list[list[int | None]]) -> list[Place]:
    """The hidden cells that totals give exactly.

    Rows and columns are the knots of a graph, hidden cells its edges. Beyond an edge on no circle (a bridge)
    lies a block whose total is known, so the edge is too. A single row or column has one total only.
    """
    hidden = [(row, column) for row, line in enumerate(cells) for column, cell in enumerate(line) if cell is None]
    if len(cells) < 2 or len(cells[0]) < 2:
        return hidden if len(hidden) == 1 and max(len(cells), len(cells[0])) > 1 else []
    near: dict[Knot, list[tuple[Knot, Place]]] = {}
    for row, column in hidden:
        near.setdefault(("row", row), []).append((("column", column), (row, column)))
        near.setdefault(("column", column), []).append((("row", row), (row, column)))
    found: list[Place] = []
    seen: dict[Knot, int] = {}
    for knot in near:
        if knot not in seen:
            _walk(near, knot, None, seen, found)
    return sorted(found)


def _walk(
    near: Mapping[Knot, list[tuple[Knot, Place]]],
    knot: Knot,
    came: Place | None,
    seen: dict[Knot, int],
    found: list[Place],
) -> int:
    """How far back the part of the graph behind this knot reaches (Tarjan's bridges); at most 111 knots deep."""
    seen[knot] = reaches = len(seen)
    for other, edge in near[knot]:
        if edge == came:
            continue
        if other in seen:
            reaches = min(reaches, seen[other])
            continue
        back = _walk(near, other, edge, seen, found)
        if back > seen[knot]:
            found.append(edge)
        reaches = min(reaches, back)
    return reaches
