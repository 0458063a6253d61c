"""Batches of letters ready for the press: one PDF, one text for braille, a list and a manifest with sums.

The same batch written again is the same to the byte: nothing in it comes from a clock, a locale or chance.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO, Final, TextIO

from healthspace.common import fault
from healthspace.enrolment.adapters import (
    letter_braille,
    letter_easy,
    letter_large,
    letter_page,
    letter_standard,
    private,
)
from healthspace.enrolment.adapters.letter_order import Addressee, Edition, Letter, Manifest, Sender
from healthspace.enrolment.adapters.print_face import bold, regular
from healthspace.enrolment.adapters.print_file import PrintFile
from healthspace.enrolment.adapters.print_pen import Pen, Style
from healthspace.enrolment.rules import texts, window

__all__ = ["Addressee", "Edition", "Letter", "Manifest", "Sender", "write_batch"]

_LAYOUTS: Final[dict[str, ModuleType]] = {
    "standard": letter_standard, "easy": letter_easy, "large": letter_large, "braille": letter_large,
}  # fmt: skip


def write_batch(
    path: Path, letters: Iterable[Letter], *, at: datetime, sender: Sender, window_name: str = "right",
    deadline_at: datetime | None = None, version: str = texts.VERSION,
) -> Manifest:  # fmt: skip
    """Write `path` (.pdf) and beside it .csv, .json and, where asked for, .txt for braille; all or nothing a file.

    `at`: the planned day of posting; the printed dates follow from it unless `deadline_at` says otherwise.
    """
    on = at.astimezone(window.PARIS).date()
    edition = Edition(sender, on, deadline_at or window.deadline(on), window_name, version)
    parts = {suffix: path.with_suffix(suffix + ".part") for suffix in (".pdf", ".csv", ".txt")}
    with (
        private.to_write(parts[".pdf"]) as pages,
        private.to_write_text(parts[".csv"]) as listed,
        private.to_write_text(parts[".txt"]) as braille,
    ):
        press = _Press(pages, listed, braille, edition, at)
        for letter in letters:
            press.add(letter)
        sha256 = press.file.close()
        private.keep(pages, listed, braille)
    fault.point("letters.before_rename")
    wanted = [".pdf", ".csv", *([".txt"] if press.counts["format braille"] else [])]
    files = {path.with_suffix(suffix).name: _sum(parts[suffix]) for suffix in wanted}
    about = path.with_suffix(".json.part")
    with private.to_write_text(about) as stream:
        stream.write(json.dumps(_told(press, edition, files, at), indent=1, ensure_ascii=False) + "\n")
    for suffix in wanted:
        parts[suffix].replace(path.with_suffix(suffix))
    if ".txt" not in wanted:
        parts[".txt"].unlink()
    about.replace(path.with_suffix(".json"))
    return Manifest(path, press.counts["letters"], press.file.pages, press.counts["sheets"], sha256, files,
                    tuple(press.changed))  # fmt: skip


@dataclass(slots=True)
class _Press:
    """The batch being written."""

    pages: BinaryIO
    listed: TextIO
    braille: TextIO
    edition: Edition
    at: datetime
    counts: Counter[str] = field(default_factory=Counter)
    changed: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    file: PrintFile = field(init=False)
    _fixed: dict[tuple[str, str, str], list[tuple[str, str]]] = field(default_factory=dict)
    _words: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.file = PrintFile(self.pages, title=self.edition.sender.product, language="fr", at=self.at)
        self.listed.write("reference,first_page,pages,sheets,format,language\n")

    def add(self, letter: Letter) -> None:
        """One letter: its pages, its line in the list, its text for braille."""
        printable = _printable(letter)
        if printable != letter:
            self.changed.append(letter.reference)
            letter = printable
        first, number = self.file.pages + 1, self.counts["letters"]
        drawn = list(self._draw(letter))
        sheets = (len(drawn) + 1) // 2
        for turn, pen in enumerate(drawn):
            if not turn % 2:
                letter_page.mark(pen, letter, number, turn // 2 + 1, sheets)
            self.file.page(pen.drawing())
        if letter.letter_format == "braille":
            self.braille.write(letter_braille.page_text(letter, self.edition))
        self.listed.write(
            f"{letter.reference},{first},{len(drawn)},{sheets},{letter.letter_format},{letter.language}\n"
        )
        self.references = [*self.references[:1], letter.reference]
        self.counts.update(("letters", f"format {letter.letter_format}", f"language {letter.language}",
                            f"sheets {sheets}"))  # fmt: skip
        self.counts["sheets"] += sheets
        self.counts["persons"] += len(letter.people)

    def _draw(self, letter: Letter) -> Iterator[Pen]:
        layout = _LAYOUTS.get(letter.letter_format, letter_standard)
        sizes, person = layout.SIZES, letter.people[0]
        words = self._texts("letter", letter), self._texts("slip", letter)
        y = letter_page.BOTTOM - sizes.band
        for turn, (form, band) in enumerate(self._forms(layout, letter)):
            pen = Pen()
            pen.use(form)
            if not turn:
                letter_page.address(pen, letter, self.edition, sizes)
            if band == "card":
                letter_page.card(pen, y, person, words[0], self.edition, sizes)
            elif band == "slip":
                letter_page.slip(pen, y, person, words[1], sizes)
            yield pen
        if len(letter.people) > 1:
            yield from self._children(layout, letter, words)

    def _children(self, layout: ModuleType, letter: Letter, words: tuple[dict[str, Any], ...]) -> Iterator[Pen]:
        sizes = layout.SIZES
        room = int((letter_page.BOTTOM - 70) // sizes.band)
        others = letter.people[1:]
        for start in range(0, len(others), room):
            some = others[start : start + room]
            tops = [letter_page.BOTTOM - sizes.band * (room - turn) for turn in range(len(some))]
            cards, slips = self._child_forms(layout, letter, tops)
            front, back = Pen(), Pen()
            front.use(cards)
            back.use(slips)
            for y, person in zip(tops, some, strict=True):
                letter_page.card(front, y, person, words[0], self.edition, sizes)
                letter_page.slip(back, y, person, words[1], sizes)
            yield from (front, back)

    def _texts(self, name: str, letter: Letter) -> dict[str, Any]:
        is_easy = letter.letter_format == "easy" and name == "letter"
        key = ("easy" if is_easy else name, letter.language, letter.kind)
        if key not in self._words:
            found = self.edition.words(name, *key[1:])
            if is_easy:
                found |= self.edition.words(*key)
                found |= {name: " ".join(found[name]) for name in ("code_use", "children")}
            self._words[key] = found
        return self._words[key]

    def _forms(self, layout: ModuleType, letter: Letter) -> list[tuple[str, str]]:
        key = (letter.letter_format, letter.language, letter.kind)
        if key not in self._fixed:
            self._fixed[key] = []
            for turn, (pen, band) in enumerate(layout.pages(self.edition, letter.language, letter.kind)):
                self._band(pen, band, layout, letter)
                name = "-".join((*key, str(turn)))
                self.file.form(name, pen.drawing())
                self._fixed[key].append((name, band))
        return self._fixed[key]

    def _band(self, pen: Pen, band: str, layout: ModuleType, letter: Letter) -> None:
        sizes, words, y = layout.SIZES, self._texts("letter", letter), letter_page.BOTTOM - layout.SIZES.band
        if band == "card":
            note = words["children_here"] if letter.kind == "family" else words["turn"]
            letter_page.card_frame(pen, y, words, sizes, note)
        elif band == "slip":
            slip_words = self._texts("slip", letter)
            letter_page.slip_frame(pen, y, slip_words, self.edition, sizes, is_child=letter.kind == "child")

    def _child_forms(self, layout: ModuleType, letter: Letter, tops: list[float]) -> tuple[str, str]:
        key = "-".join((layout.__name__.rpartition("_")[2], letter.language, letter.kind, f"children{len(tops)}"))
        names = (f"{key}-cards", f"{key}-slips")
        if not self.file.has_form(names[0]):
            sizes, words, slip_words = layout.SIZES, self._texts("letter", letter), self._texts("slip", letter)
            front, back = Pen(), Pen()
            y = front.paragraph(letter_page.LEFT, 24, words["children_title"], Style(sizes.title, is_bold=True),
                                letter_page.FULL)  # fmt: skip
            front.paragraph(letter_page.LEFT, y, words["children"], Style(sizes.body), letter_page.FULL)
            child_words = words if layout is letter_easy else words | {"code_use": words["code_use_child"]}
            for top in tops:
                letter_page.card_frame(front, top, child_words, sizes, words["slip_behind"])
                letter_page.slip_frame(back, top, slip_words, self.edition, sizes, is_child=True)
            back.paragraph(letter_page.LEFT, 24, words["children_slips"], Style(sizes.title, is_bold=True),
                           letter_page.FULL)  # fmt: skip
            for name, pen in zip(names, (front, back), strict=True):
                self.file.form(name, pen.drawing())
        return names


def _printable(letter: Letter) -> Letter:
    """The same letter when the face has all its signs, else with the nearest signs it has."""
    every = "".join([*letter.lines, *[person.name for person in letter.people]])
    if regular().has(every) and bold().has(every):
        return letter
    people = tuple(Addressee(regular().printable(one.name), one.code, one.slip, one.is_child) for one in letter.people)
    lines = tuple(regular().printable(line) for line in letter.lines)
    return Letter(letter.reference, lines, people, letter.language, letter.letter_format)


def _told(press: _Press, edition: Edition, files: dict[str, str], at: datetime) -> dict[str, Any]:
    """The manifest: what the printer must find, how the sheets are marked, which wording was printed."""
    counts, folder = press.counts, Path(press.pages.name).parent
    return {
        "made_for": at.isoformat(timespec="seconds"),
        "answer_until": window.last_day(edition.deadline_at).isoformat(),
        "letters": counts["letters"], "persons": counts["persons"], "pages": press.file.pages,
        "sheets": counts["sheets"],
        "letters_by_sheets": {key[7:]: counts[key] for key in sorted(counts) if key.startswith("sheets ")},
        "letters_by_format": {key[7:]: counts[key] for key in sorted(counts) if key.startswith("format ")},
        "letters_by_language": {key[9:]: counts[key] for key in sorted(counts) if key.startswith("language ")},
        "first": press.references[:1], "last": press.references[-1:],
        "changed_signs": press.changed,
        "paper": {"size": "A4 210 x 297 mm", "sides": "both, long edge", "colours": "process colours",
                  "fold": "in three, at 99 and 198 mm", "window": edition.window_name,
                  "window_seen_mm": list(edition.window.seen)},
        "sheet_mark": {"x_mm": letter_page.MARK_X, "y_mm": letter_page.MARK_Y, "long_mm": letter_page.MARK_LONG,
                       "step_mm": round(letter_page.MARK_STEP, 3),
                       "bars": ["start", "last sheet", "number 4", "number 2", "number 1", "even parity", "stop"]},
        "texts": {language: {"version": edition.version, "sha256": texts.digest(edition.version, language)}
                  for language in texts.LANGUAGES},
        "files": [{"name": name, "sha256": found, "bytes": _size(folder, name)} for name, found in files.items()],
    }  # fmt: skip


def _size(folder: Path, name: str) -> int:
    return (folder / f"{name}.part").stat().st_size


def _sum(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
