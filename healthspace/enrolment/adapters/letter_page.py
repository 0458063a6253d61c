"""What all letters share on paper: head, address window, sheet mark, the card with the code, the refusal slip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from healthspace.enrolment.adapters import qr
from healthspace.enrolment.adapters.letter_order import Addressee, Edition, Letter
from healthspace.enrolment.adapters.print_pen import DEEP, INK, MM, SOFT, TINT, Pen, Style, lines, wide
from healthspace.enrolment.adapters.qr import QUIET
from healthspace.enrolment.rules import codes, texts

LEFT, RIGHT, BOTTOM = 20.0, 190.0, 290.0
FULL: Final = RIGHT - LEFT
# One sixth of an inch from bar to bar, as inserting machines read them.
MARK_X, MARK_Y, MARK_STEP, MARK_LONG = 6.0, 112.0, 25.4 / 6, 7.0
SLIP_SIDE = 54.0
SLIP_SIGNS: Final = len("00000-000000-0:") + 16
COMPUTER: Final = "3 4 m 21 4 l 21 16 l 3 16 l 3 4 l 9 20 m 15 20 l 12 16 m 12 20 l"
PHONE: Final = (
    "5 3 m 9 3 l 11 8 l 8.5 10 l 9.5 12.5 11.5 14.5 14 15.5 c 16 13 l 21 15 l 21 19 l 21 20.5 20 21 18.5 21 c"
    " 10 20.5 3.5 14 3 5.5 c 3 4 3.5 3 5 3 c"
)
ENVELOPE: Final = "2 5 m 22 5 l 22 19 l 2 19 l 2 5 l 12 13 l 22 5 l"
FOLDER: Final = "3 5 m 10 5 l 12 8 l 21 8 l 21 20 l 3 20 l 3 5 l 12 11 m 12 17 l 9 14 m 15 14 l"
CALENDAR: Final = "3 5 m 21 5 l 21 21 l 3 21 l 3 5 l 3 10 m 21 10 l 8 2 m 8 7 l 16 2 m 16 7 l 8 14 m 12 17 l 17 13 l"
PERSON: Final = "8 7 m 8 4.5 9.5 3 12 3 c 14.5 3 16 4.5 16 7 c 16 9.5 14.5 11 12 11 c 9.5 11 8 9.5 8 7 c 4 21 m 4 16 7 14 12 14 c 17 14 20 16 20 21 c"  # noqa: E501
WAYS: Final = (COMPUTER, PHONE, ENVELOPE)


@dataclass(frozen=True, slots=True)
class Sizes:
    """The type sizes of a format, in points, and the height of a card, in millimetres."""

    title: float
    head: float
    body: float
    small: float
    code: float
    band: float
    square: float


def mark(pen: Pen, letter: Letter, number: int, sheet: int, sheets: int) -> None:
    """For the inserting machine: start, last sheet, three bits of the letter's number, even parity; and for people."""
    bits = [sheet == sheets, *(bool(number >> bit & 1) for bit in (2, 1, 0))]
    for place, is_dark in enumerate([True, *bits, sum(bits) % 2 == 1, True]):
        if is_dark:
            pen.rule(MARK_X, MARK_Y + place * MARK_STEP, MARK_LONG, weight=0.6)
    pen.words(LEFT, 294, f"{letter.reference}   {sheet}/{sheets}", Style(7, SOFT))


def head(pen: Pen, edition: Edition) -> None:
    """Who writes, top left."""
    sender = edition.sender
    pen.box(LEFT, 13, 2.2, 8.2, fill=DEEP)
    pen.words(LEFT + 5, 19.4, sender.product, Style(19, DEEP, is_bold=True))
    for turn, line in enumerate((sender.name, *sender.lines)):
        pen.words(LEFT, 27 + 4.2 * turn, line, Style(9, SOFT))


def address(pen: Pen, letter: Letter, edition: Edition, sizes: Sizes) -> None:
    """The address in its window, the reference and the day beside it."""
    window = edition.window
    step = window.height / 6
    for turn, line in enumerate(letter.lines[:6]):
        pen.fitted(window.x + 1, window.y + step * (turn + 0.8), line, Style(10), window.width - 2, least=0.75)
    side = Style(max(10, min(sizes.small, 14)), SOFT)
    words = texts.text("letter", letter.language, edition.version)
    pen.words(window.side_x, 72, texts.day(edition.on, letter.language, edition.version), side)
    pen.words(window.side_x, 72 + side.step, words["reference"].format(reference=letter.reference), side)


def fold_marks(pen: Pen) -> None:
    """Where the sheet is folded in three."""
    for y in (99.0, 198.0):
        pen.rule(2, y, 4, colour=SOFT, weight=0.2)


def cut(pen: Pen, y: float) -> None:
    """A line to cut along, across the sheet."""
    pen.rule(0, y, 210, colour=SOFT, weight=0.3, dash="3 3")


def card_frame(pen: Pen, y: float, words: dict[str, Any], sizes: Sizes, note: str) -> None:
    """The front of a band: everything of a code's card but the name, the code and the square."""
    cut(pen, y)
    width = FULL - sizes.square - 6
    pen.box(LEFT, y + sizes.head * 0.82, width, sizes.code * 0.6, fill=TINT, edge=DEEP, weight=0.6)
    under = y + sizes.head * 0.82 + sizes.code * 0.6 + sizes.small * 0.5
    use = words["code_use"] if isinstance(words["code_use"], str) else " ".join(words["code_use"])
    under = pen.paragraph(LEFT, under, use, Style(sizes.small), width)
    under = pen.paragraph(LEFT, under + 0.8, words["code_limits"], Style(sizes.small, is_bold=True), width)
    pen.paragraph(LEFT, under + 0.8, note, Style(sizes.small, DEEP, is_bold=True), width)


def card(pen: Pen, y: float, person: Addressee, words: dict[str, Any], edition: Edition, sizes: Sizes) -> None:
    """The name, the code and the square that leads to the page."""
    width = FULL - sizes.square - 6
    title = words["code_of"].format(name=person.name)
    pen.fitted(LEFT, y + sizes.head * 0.6, title, Style(sizes.head, INK, is_bold=True), width)
    code, size = codes.shown(person.code), sizes.code
    while wide(code, Style(size, is_bold=True)) + len(code) * size / 60 > width - 8:
        size -= 1
    pen.words(LEFT + 4, y + sizes.head * 0.82 + sizes.code * 0.425, code, Style(size, is_bold=True), spaced=size / 60)
    squares = qr.squares(edition.sender.link, codes.SIGNS)
    pen.square(RIGHT - sizes.square + 3, y + 3, sizes.square, squares, person.code)


def slip_frame(pen: Pen, y: float, words: dict[str, Any], edition: Edition, sizes: Sizes, *, is_child: bool) -> None:
    """The back of a band: everything of a refusal slip but the name, the reference and the square."""
    cut(pen, y)
    side, width = _side(sizes), FULL - SLIP_SIDE - 8
    high = sizes.small * 2
    pen.words(LEFT, y + sizes.head * 0.6, words["title"], Style(sizes.head, DEEP, is_bold=True))
    statement = words["child" if is_child else "adult"]
    pen.paragraph(LEFT, y + sizes.head * 1.75, statement, Style(max(sizes.small, 12)), width)
    receipt = lines(words["receipt"], Style(sizes.small), width)
    top = y + sizes.band - 5 - len(receipt) * Style(sizes.small).step - high
    pen.box(LEFT, top, 38, high, edge=SOFT, weight=0.3)
    pen.box(LEFT + 42, top, width - 42, high, edge=SOFT, weight=0.3)
    pen.words(LEFT + 2, top + side.size * 0.48, words["date"], side)
    pen.words(LEFT + 44, top + side.size * 0.48, words["signature"], side)
    pen.paragraph(LEFT, top + high + sizes.small * 0.45, words["receipt"], Style(sizes.small), width)
    x = RIGHT - SLIP_SIDE
    below = pen.paragraph(x, y + _square(sizes) + 2.3 * side.step, words["send"], side, SLIP_SIDE)
    for line in edition.sender.slip_lines:
        pen.fitted(x, below, line, Style(side.size + 0.5, is_bold=True), SLIP_SIDE)
        below += side.step


def slip(pen: Pen, y: float, person: Addressee, words: dict[str, Any], sizes: Sizes) -> None:
    """The name, the reference and the square that the scanner reads."""
    name = words["of"].format(name=person.name)
    pen.fitted(LEFT, y + sizes.head * 1.2, name, Style(sizes.head, is_bold=True), FULL - SLIP_SIDE - 8)
    squares, size = qr.squares("HSR1:", SLIP_SIGNS), _square(sizes)
    x = RIGHT - SLIP_SIDE - size * QUIET / (squares.size + 2 * QUIET)
    pen.square(x, y + 1, size, squares, person.slip.removeprefix("HSR1:"))
    pen.words(RIGHT - SLIP_SIDE, y + size + _side(sizes).step * 0.9, person.reference, _side(sizes))


def _square(sizes: Sizes) -> float:
    return min(44, sizes.band * 0.53)


def _side(sizes: Sizes) -> Style:
    return Style(max(9.5, sizes.small * 0.85))


def way(pen: Pen, x: float, y: float, turn: int, text: str, style: Style, width: float) -> float:
    """One way to answer, with its picture; the baseline after it."""
    side = style.size * 0.52
    pen.picture(x, y - side * 0.82, side, WAYS[turn], colour=DEEP)
    return pen.paragraph(x + side + 2.5, y, text, style, width - side - 2.5) + style.size / MM * 0.25
