"""Sheets for people without a screen: large print, as many pages as needed, a square and a place to sign.

Tagged PDF, so that a screen reader reads it in order; the same words give the same bytes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from healthspace.enrolment.adapters import qr
from healthspace.enrolment.adapters.letter_page import FULL, LEFT
from healthspace.enrolment.adapters.print_face import bold, regular
from healthspace.enrolment.adapters.print_file import PrintFile
from healthspace.enrolment.adapters.print_pen import DEEP, SOFT, TINT, Pen, Style, lines

TOP: Final = 24.0
BOTTOM: Final = 276.0
SQUARE: Final = 46.0
_TITLE: Final = Style(24, is_bold=True, leading=1.2)
_HEAD: Final = Style(18, DEEP, is_bold=True)
_BODY: Final = Style(16, leading=1.36)
_FOOT: Final = Style(9.5, SOFT)


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and its lines; each line is a paragraph of its own."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed. `square`: prefix and text of the code; `sign`: what stands before the lines to sign on."""

    product: str
    title: str
    parts: tuple[Part, ...]
    language: str
    foot: str = ""
    square: tuple[str, str] = ("", "")
    sign: tuple[str, ...] = ()


def write(sheet: Sheet, *, at: datetime) -> bytes:
    """The sheet as PDF."""
    stream = io.BytesIO()
    file = PrintFile(stream, title=f"{_safe(sheet.title)}, {_safe(sheet.product)}", language=sheet.language, at=at)
    writer = _Writer(file, sheet)
    writer.head()
    for part in sheet.parts:
        writer.part(part)
    writer.ending()
    file.close()
    return stream.getvalue()


class _Writer:
    """Fills pages from top to bottom."""

    def __init__(self, file: PrintFile, sheet: Sheet) -> None:
        self.file, self.sheet = file, sheet
        self.pen, self.y, self.number = Pen(), TOP, 1

    def head(self) -> None:
        with self.pen.artifact():
            self.pen.box(LEFT, 17, 2.2, 8.2, fill=DEEP)
        with self.pen.tag("P"):
            self.pen.words(LEFT + 5, 23.4, _safe(self.sheet.product), Style(19, DEEP, is_bold=True))
        self.y = 42
        self._text("H1", self.sheet.title, _TITLE)
        self.y += 3

    def part(self, part: Part) -> None:
        self._room(_HEAD.step + 2 * _BODY.step + 6)
        self.y += 4
        if part.heading:
            self._text("H2", part.heading, _HEAD)
            self.y += 1
        for line in part.lines:
            self._text("P", line, _BODY)
            self.y += 1.5

    def ending(self) -> None:
        if self.sheet.sign:
            self._sign()
        if self.sheet.square[1]:
            self._room(SQUARE + 8)
            with self.pen.artifact():
                prefix, text = self.sheet.square
                squares = qr.squares(prefix, len(text))
                self.pen.square(LEFT - 4, BOTTOM - SQUARE, SQUARE, squares, text)
        self._page()

    def _sign(self) -> None:
        height = 22.0 * len(self.sheet.sign) + 6
        below = SQUARE + 6 if self.sheet.square[1] else 0
        self._room(height + below)
        self.y += 4
        with self.pen.artifact():
            self.pen.box(LEFT, self.y, FULL, height, fill=TINT)
        for turn, label in enumerate(self.sheet.sign):
            y = self.y + 10 + 22 * turn
            with self.pen.tag("P"):
                self.pen.words(LEFT + 5, y, _safe(label), Style(14, is_bold=True))
            with self.pen.artifact():
                self.pen.rule(LEFT + 62, y + 4, FULL - 70, weight=0.4)
        self.y += height

    def _text(self, kind: str, text: str, style: Style) -> None:
        text = _safe(text)
        self._room(style.step * len(lines(text, style, FULL)))
        with self.pen.tag(kind):
            self.y = self.pen.paragraph(LEFT, self.y, text, style, FULL)

    def _room(self, height: float) -> None:
        """A new page when what comes next does not fit on this one."""
        if self.y + height > BOTTOM and self.y > TOP + 30:
            self._page()
            self.pen, self.y, self.number = Pen(), TOP, self.number + 1

    def _page(self) -> None:
        with self.pen.artifact():
            self.pen.words(LEFT, 289, f"{_safe(self.sheet.foot)}   {self.number}", _FOOT)
        self.file.page(self.pen.drawing(), self.pen.tags)


def _safe(text: str) -> str:
    """Signs that the face has; stars would make words bold."""
    return (regular() if regular().has(text) else bold()).printable(text.replace("*", ""))
