"""The letter in easy words (rules of Inclusion Europe): one idea a line, 14 points, pictures, two sheets."""

from __future__ import annotations

from typing import Any, Final

from healthspace.enrolment.adapters.letter_order import Edition
from healthspace.enrolment.adapters.letter_page import (
    CALENDAR,
    FOLDER,
    FULL,
    LEFT,
    PERSON,
    Sizes,
    fold_marks,
    head,
    way,
)
from healthspace.enrolment.adapters.print_pen import DEEP, SOFT, TINT, Pen, Style

SIZES: Final = Sizes(title=25, head=17, body=14.5, small=14, code=31, band=104, square=48)
_BODY: Final = Style(14.5, leading=1.5)
_HEAD: Final = Style(17, DEEP, is_bold=True)
_SIDE: Final = 20.0
_NO: Final = "4 12 m 4 7.5 7.5 4 12 4 c 16.5 4 20 7.5 20 12 c 20 16.5 16.5 20 12 20 c 7.5 20 4 16.5 4 12 c 8.5 8.5 m 15.5 15.5 l 15.5 8.5 m 8.5 15.5 l"  # noqa: E501
_YES: Final = "4 12 m 4 7.5 7.5 4 12 4 c 16.5 4 20 7.5 20 12 c 20 16.5 16.5 20 12 20 c 7.5 20 4 16.5 4 12 c 8 12.5 m 11 15.5 l 16 9 l"  # noqa: E501


def pages(edition: Edition, language: str, kind: str) -> list[tuple[Pen, str]]:
    """The fixed part of each page, and what its band at the bottom holds: "card", "slip" or nothing."""
    words, usual = edition.words("easy", language, kind), edition.words("letter", language, kind)
    first, second, third, fourth = Pen(), Pen(), Pen(), Pen()
    head(first, edition)
    fold_marks(first)
    y = first.paragraph(LEFT, 108, words["title"], Style(SIZES.title, is_bold=True, leading=1.2), FULL)
    y = _block(first, y + 4, words["what_title"], words["what"], FOLDER)
    _block(first, y + 9, words["silence_title"], words["silence"], CALENDAR, is_tinted=True)
    _answers(second, words)
    y = _block(third, 26, words["help_title"], words["help"], PERSON)
    if kind == "family":
        y = _block(third, y + 8, words["children_title"], words["children"], PERSON)
    y = fourth.paragraph(LEFT, 26, usual["other_language"], Style(13), FULL)
    fourth.paragraph(LEFT, y + 4, usual["law"], Style(9, SOFT), FULL)
    return [(first, ""), (second, ""), (third, "card"), (fourth, "slip")]


def _answers(pen: Pen, words: dict[str, Any]) -> float:
    y = _block(pen, 26, words["no_title"], words["no"], _NO)
    pen.words(LEFT + _SIDE + 6, y + 6, words["no_how_title"], _HEAD)
    y += 16
    ways = words["no_ways"]
    for turn, text in enumerate(ways):
        y = way(pen, LEFT + _SIDE + 6, y, 2 if turn == len(ways) - 1 else turn, text, _BODY, FULL - _SIDE - 6) + 1.5
    return _block(pen, y + 8, words["yes_title"], words["yes"], _YES)


def _block(pen: Pen, y: float, title: str, lines: list[str], path: str, *, is_tinted: bool = False) -> float:
    if is_tinted:
        pen.box(LEFT - 4, y - 9, FULL + 8, len(lines) * _BODY.step + 18, fill=TINT)
    pen.picture(LEFT, y - 6, _SIDE, path, colour=DEEP)
    pen.words(LEFT + _SIDE + 6, y, title, _HEAD)
    y += 10
    for line in lines:
        y = pen.paragraph(LEFT + _SIDE + 6, y, line, _BODY, FULL - _SIDE - 6)
    return y
