"""Charts as plain shapes in numbers of a hundred: drawn here, coloured by the style sheet, told beside in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from healthspace.enrolment.reads.numbers import Day, Row

WIDTH: Final = 100.0
HEIGHT: Final = 100.0
BARS: Final = ("active", "opened", "informed", "refused", "closed", "waiting", "deceased")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar, in percent of its width; `group` names its colour."""

    group: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """A curve as the points of a polyline."""

    group: str
    points: str
    last: int


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves over the same days; `most` is the number at the top."""

    lines: tuple[Line, ...]
    most: int


def bar(row: Row) -> tuple[Piece, ...]:
    """The groups of these people side by side; what is not told is left free at the end."""
    shown = {group: row.cells[group] or 0 for group in BARS}
    whole = row.persons or sum(shown.values())
    out, start = [], 0.0
    for group, number in shown.items():
        width = WIDTH * number / whole if whole else 0.0
        if width:
            out.append(Piece(group, round(start, 3), round(width, 3)))
        start += width
    return tuple(out)


def curves(days: Sequence[Day], groups: Sequence[str]) -> Curves:
    """One line a group over the days, the tallest reaching the top."""
    most = max((day.cells[group] for day in days for group in groups), default=0)
    return Curves(tuple(_line(days, group, most) for group in groups), most)


def _line(days: Sequence[Day], group: str, most: int) -> Line:
    step = WIDTH / max(len(days) - 1, 1)
    places = [
        f"{round(place * step, 2)},{round(HEIGHT - HEIGHT * day.cells[group] / (most or 1), 2)}"
        for place, day in enumerate(days)
    ]
    return Line(group, " ".join(places if len(places) > 1 else places * 2), days[-1].cells[group] if days else 0)


def legend(groups: Sequence[str], names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """(colour, name) of each group, in the order of the bars."""
    return tuple((group, names[group]) for group in groups)
