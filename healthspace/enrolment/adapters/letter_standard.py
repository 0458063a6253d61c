"""The usual letter: one sheet, 11 points; on the front the choice and the code, on the back the rest and the slip."""

from __future__ import annotations

from typing import Any, Final

from healthspace.enrolment.adapters.letter_order import Edition
from healthspace.enrolment.adapters.letter_page import FULL, LEFT, Sizes, fold_marks, head, way
from healthspace.enrolment.adapters.print_pen import DEEP, MM, SOFT, TINT, Pen, Style

SIZES: Final = Sizes(title=19, head=13, body=11, small=10, code=29, band=66, square=46)


def front(pen: Pen, words: dict[str, Any], y: float = 102) -> float:
    """What it is, what happens without an answer, no and yes side by side; where it ends."""
    body = Style(SIZES.body)
    y = pen.paragraph(LEFT, y, words["title"], Style(SIZES.title, is_bold=True, leading=1.2), FULL)
    y = pen.paragraph(LEFT, y + 0.5, words["greeting"], body, FULL) + 0.8
    y = pen.paragraph(LEFT, y, words["what"], body, FULL)
    y = _silence(pen, y - 1.5, words) + 5
    half = FULL / 2 - 3
    bottoms = [_choice(pen, LEFT, y, half, words, "no"), _choice(pen, LEFT + half + 6, y, half, words, "yes")]
    height = max(bottoms) - y
    for x in (LEFT, LEFT + half + 6):
        pen.box(x, y, half, height, edge=DEEP, weight=0.5)
    return y + height


def _silence(pen: Pen, y: float, words: dict[str, Any]) -> float:
    style, title = Style(12.5), Style(SIZES.head, DEEP, is_bold=True)
    sketch = Pen()
    bottom = _silence_words(sketch, y, words, style, title)
    pen.box(LEFT, y, FULL, bottom - y, fill=TINT)
    pen.box(LEFT, y, 2, bottom - y, fill=DEEP)
    return _silence_words(pen, y, words, style, title)


def _silence_words(pen: Pen, y: float, words: dict[str, Any], style: Style, title: Style) -> float:
    pen.words(LEFT + 6, y + 6.5, words["silence_title"], title)
    below = pen.paragraph(LEFT + 6, y + 13.2, words["silence"], style, FULL - 12)
    return pen.paragraph(LEFT + 6, below, words["last"], style, FULL - 12) - 1.5


def _choice(pen: Pen, x: float, y: float, width: float, words: dict[str, Any], which: str) -> float:
    body = Style(10.5)
    pen.words(x + 4, y + 7, words[f"{which}_title"], Style(15, DEEP, is_bold=True))
    below = pen.paragraph(x + 4, y + 13, words[which], body, width - 8) + 1
    for turn, text in enumerate(words[f"{which}_ways"]):
        if which == "no" or turn < len(words["yes_ways"]) - 1:
            below = way(pen, x + 4, below, 2 if turn == len(words["no_ways"]) - 1 else turn, text, body, width - 8)
        else:
            below = pen.paragraph(x + 4, below, text, body, width - 8)
    return below - 2


def back(pen: Pen, words: dict[str, Any], y: float = 22) -> float:
    """What the space holds, who reads it, how to change one's mind, help, the other language; where it ends."""
    for title, text in words["more"]:
        pen.words(LEFT, y, title, Style(14, DEEP, is_bold=True))
        y = pen.paragraph(LEFT, y + 6.2, text, Style(12), FULL) + 4.5
    pen.rule(LEFT, y - 4, FULL, colour=SOFT, weight=0.2)
    y = pen.paragraph(LEFT, y + 1.5, words["other_language"], Style(11), FULL) + 1
    return pen.paragraph(LEFT, y, words["law"], Style(8, SOFT), FULL) - Style(8).size / MM


def pages(edition: Edition, language: str, kind: str) -> list[tuple[Pen, str]]:
    """The fixed part of each page, and what its band at the bottom holds: "card", "slip" or nothing."""
    words = edition.words("letter", language, kind)
    first, second = Pen(), Pen()
    head(first, edition)
    fold_marks(first)
    front(first, words)
    back(second, words)
    return [(first, "card"), (second, "slip")]
