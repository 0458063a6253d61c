"""The certificate of help as a tagged PDF of one page; the same certificate gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from healthspace.enrolment.adapters.letter_page import FULL, LEFT
from healthspace.enrolment.adapters.print_face import bold, regular
from healthspace.enrolment.adapters.print_file import PrintFile
from healthspace.enrolment.adapters.print_pen import DEEP, SOFT, TINT, Pen, Style

_LABEL: Final = Style(11, SOFT)
_VALUE: Final = Style(12.5, is_bold=True)
_VALUE_X: Final = LEFT + 58


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that stands on it, in the language of the reader; rows are (label, value)."""

    product: str
    language: str
    at: datetime
    title: str
    lead: str
    rows: Sequence[tuple[str, str]]
    cannot_title: str
    cannot: Sequence[str]
    keep: str


def write(page: Page) -> bytes:
    """The certificate as PDF."""
    stream = io.BytesIO()
    file = PrintFile(stream, title=f"{page.title}, {page.product}", language=page.language, at=page.at)
    pen = Pen()
    _draw(pen, page)
    file.page(pen.drawing(), pen.tags)
    file.close()
    return stream.getvalue()


def _draw(pen: Pen, page: Page) -> None:
    with pen.artifact():
        pen.box(LEFT, 17, 2.2, 8.2, fill=DEEP)
    with pen.tag("P"):
        pen.words(LEFT + 5, 23.4, _safe(page.product), Style(19, DEEP, is_bold=True))
    with pen.tag("H1"):
        y = pen.paragraph(LEFT, 50, _safe(page.title), Style(24, is_bold=True), FULL)
    with pen.tag("P"):
        y = pen.paragraph(LEFT, y + 2, _safe(page.lead), Style(13), FULL) + 6
    for label, value in page.rows:
        y = _row(pen, y, label, value)
    y = _cannot(pen, y + 4, page) + 8
    with pen.tag("P"):
        pen.paragraph(LEFT, y, _safe(page.keep), Style(9.5, SOFT), FULL)


def _row(pen: Pen, y: float, label: str, value: str) -> float:
    with pen.tag("P"):
        pen.words(LEFT, y, _safe(label), _LABEL)
        y = pen.paragraph(_VALUE_X, y, _safe(value), _VALUE, FULL - 58) + 2
    with pen.artifact():
        pen.rule(LEFT, y - 4.6, FULL, colour=SOFT, weight=0.15)
    return y


def _cannot(pen: Pen, y: float, page: Page) -> float:
    """What no helper can ever do, in a box."""
    if not page.cannot:
        return y
    style, width = Style(12), FULL - 14
    bottom = y + 15
    for line in page.cannot:
        bottom = Pen().paragraph(LEFT + 7, bottom, _safe(line), style, width) + 1
    with pen.artifact():
        pen.box(LEFT, y, FULL, bottom - y, fill=TINT)
        pen.box(LEFT, y, 2, bottom - y, fill=DEEP)
    with pen.tag("H2"):
        pen.words(LEFT + 7, y + 7.5, _safe(page.cannot_title), Style(12, DEEP, is_bold=True))
    inside = y + 15
    for line in page.cannot:
        with pen.tag("P"):
            inside = pen.paragraph(LEFT + 7, inside, _safe(line), style, width) + 1
    return bottom


def _safe(text: str) -> str:
    """Signs the face has, and no star that would turn the words bold."""
    return (regular() if regular().has(text) else bold()).printable(text.replace("*", ""))
