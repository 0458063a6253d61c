"""The letter for a braille press or a screen reader: plain text, 40 signs a line, 25 lines a page.

UTF-8 with its accents: the press turns it into the braille of the language (its table is the printer's).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any, Final

from healthspace.enrolment.adapters.letter_order import Edition, Letter
from healthspace.enrolment.rules import codes

COLUMNS: Final = 40
LINES: Final = 25
PAGE_END: Final = "\f"


def page_text(letter: Letter, edition: Edition) -> str:
    """One letter, its pages parted by form feeds; the codes are given sign by sign as well."""
    words = edition.words("letter", letter.language, letter.kind)
    rows = [row for block in _blocks(letter, words) for row in [*_wrapped(block), ""]]
    pages = [rows[start : start + LINES] for start in range(0, len(rows), LINES)]
    return "".join("\n".join(page).rstrip("\n") + "\n" + PAGE_END for page in pages)


def _blocks(letter: Letter, words: dict[str, Any]) -> Iterable[str]:
    yield "\n".join(letter.lines)
    yield words["reference"].format(reference=letter.reference)
    yield words["title"]
    yield words["what"]
    yield f"{words['silence_title']}\n{words['silence']}\n{words['last']}"
    for which in ("no", "yes"):
        yield "\n".join([words[f"{which}_title"], words[which], *words[f"{which}_ways"]])
    for person in letter.people:
        yield "\n".join(
            [words["code_of"].format(name=person.name), codes.shown(person.code), codes.spelled(person.code)]
        )
    yield words["code_limits"]
    for title, text in words["more"]:
        yield f"{title}\n{text}"
    yield words["law"]


def _wrapped(block: str) -> list[str]:
    rows = []
    for line in block.replace("*", "").replace("\u00a0", " ").replace("\u202f", " ").split("\n"):
        rows += textwrap.wrap(line, COLUMNS, break_on_hyphens=False) or [""]
    return rows
