"""The letter in large print: 18 points throughout, three sheets: the choice, the code and its slip, the rest."""

from __future__ import annotations

from typing import Any, Final

from healthspace.enrolment.adapters.letter_order import Edition
from healthspace.enrolment.adapters.letter_page import FULL, LEFT, Sizes, fold_marks, head, way
from healthspace.enrolment.adapters.print_pen import DEEP, TINT, Pen, Style

SIZES: Final = Sizes(title=25, head=20, body=18, small=18, code=31, band=150, square=48)
_BODY: Final = Style(18, leading=1.38)
_HEAD: Final = Style(21, DEEP, is_bold=True)


def pages(edition: Edition, language: str, kind: str) -> list[tuple[Pen, str]]:
    """The fixed part of each page, and what its band at the bottom holds: "card", "slip" or nothing."""
    words = edition.words("letter", language, kind)
    first, second, third, fourth, fifth, sixth = (Pen() for _ in range(6))
    head(first, edition)
    fold_marks(first)
    _front(first, words)
    _choices(second, words)
    _code(third, words)
    _other(fourth, words)
    rest = words["more"]
    _more(fifth, rest[:3])
    below = _more(sixth, rest[3:])
    sixth.paragraph(LEFT, below + 2, words["law"], Style(16, leading=1.38), FULL)
    return [(first, ""), (second, ""), (third, "card"), (fourth, "slip"), (fifth, ""), (sixth, "")]


def _front(pen: Pen, words: dict[str, Any]) -> float:
    y = pen.paragraph(LEFT, 108, words["title"], Style(SIZES.title, is_bold=True, leading=1.2), FULL)
    y = pen.paragraph(LEFT, y + 3, words["what"], _BODY, FULL)
    return _boxed(pen, y - 2, words["silence_title"], [words["silence"], words["last"]])


def _boxed(pen: Pen, y: float, title: str, texts: list[str]) -> float:
    sketch, bottom = Pen(), 0.0
    for target in (sketch, pen):
        if target is pen:
            pen.box(LEFT, y, FULL, bottom - y, fill=TINT)
            pen.box(LEFT, y, 3, bottom - y, fill=DEEP)
        target.words(LEFT + 9, y + 10, title, _HEAD)
        bottom = y + 20
        for text in texts:
            bottom = target.paragraph(LEFT + 9, bottom, text, _BODY, FULL - 15)
        bottom -= 2
    return bottom


def _choices(pen: Pen, words: dict[str, Any]) -> float:
    y = 28.0
    for which in ("no", "yes"):
        top = y - 12
        pen.words(LEFT + 6, y, words[f"{which}_title"], Style(25, DEEP, is_bold=True))
        y = pen.paragraph(LEFT + 6, y + 11, words[which], _BODY, FULL - 12) + 2
        ways = words[f"{which}_ways"]
        for turn, text in enumerate(ways):
            if which == "yes" and turn == len(ways) - 1:
                y = pen.paragraph(LEFT + 6, y, text, _BODY, FULL - 12)
            else:
                picture = 2 if which == "no" and turn == len(ways) - 1 else turn
                y = way(pen, LEFT + 6, y, picture, text, _BODY, FULL - 12)
        pen.box(LEFT, top, FULL, y - top - 3, edge=DEEP, weight=0.7)
        y += 18
    return y


def _code(pen: Pen, words: dict[str, Any]) -> float:
    y = _more(pen, words["more"][-1:])
    return pen.paragraph(LEFT, y, words["turn"], Style(18, DEEP, is_bold=True), FULL)


def _other(pen: Pen, words: dict[str, Any]) -> float:
    return pen.paragraph(LEFT, 28, words["other_language"], _BODY, FULL)


def _more(pen: Pen, sections: list[list[str]]) -> float:
    y = 28.0
    for title, text in sections:
        pen.words(LEFT, y, title, _HEAD)
        y = pen.paragraph(LEFT, y + 10, text, _BODY, FULL) + 8
    return y
