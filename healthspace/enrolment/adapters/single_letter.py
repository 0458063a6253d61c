"""Letters to one person each, in the words of a short mail: address in the window, one sheet, in a print file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from healthspace.enrolment.adapters import private
from healthspace.enrolment.adapters.letter_order import Edition, Sender
from healthspace.enrolment.adapters.letter_page import FULL, LEFT, fold_marks, head
from healthspace.enrolment.adapters.print_face import regular
from healthspace.enrolment.adapters.print_file import PrintFile
from healthspace.enrolment.adapters.print_pen import SOFT, Pen, Style
from healthspace.enrolment.adapters.short_mail import Words
from healthspace.enrolment.rules import texts, window


@dataclass(frozen=True, slots=True)
class Sheet:
    """One letter: at most six lines of address, the name first; the words; their language."""

    lines: tuple[str, ...]
    words: Words
    language: str


def write(path: Path, sheets: Iterable[Sheet], *, at: datetime, sender: Sender, window_name: str) -> int:
    """Write them into one print-ready PDF, a page each, and its manifest beside; how many. `OSError`, disk full."""
    on = at.astimezone(window.PARIS).date()
    edition = Edition(sender, on, window.deadline(on), window_name, texts.VERSION)
    with private.whole(path) as stream:
        file = PrintFile(stream, title=sender.product, language="fr", at=at)
        for sheet in sheets:
            pen = Pen()
            _page(pen, sheet, edition)
            file.page(pen.drawing(), pen.tags)
        count = file.pages
        sha256 = file.close()
    about = {"made_at": at.isoformat(), "letters": count, "pages": count, "text_version": texts.VERSION,
             "files": {path.name: sha256}}  # fmt: skip
    with private.whole(path.with_suffix(".json")) as stream:
        stream.write(json.dumps(about, indent=1).encode() + b"\n")
    return count


def _page(pen: Pen, sheet: Sheet, edition: Edition) -> None:
    with pen.artifact():
        head(pen, edition)
        fold_marks(pen)
    place = edition.window
    with pen.tag("P"):
        for turn, line in enumerate(sheet.lines[:6]):
            y = place.y + place.height / 6 * (turn + 0.8)
            pen.fitted(place.x + 1, y, regular().printable(line), Style(10), place.width - 2, least=0.75)
        pen.words(place.side_x, 72, texts.day(edition.on, sheet.language), Style(11, SOFT))
    with pen.tag("H1"):
        pen.words(LEFT, 112, sheet.words.subject, Style(20, is_bold=True))
    y = 124.0
    for line in sheet.words.lines:
        with pen.tag("P"):
            y = pen.paragraph(LEFT, y, line, Style(13), FULL) + 4
