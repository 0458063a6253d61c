"""The register as a CSV file: cut into parts of whole lines, read in constant memory (docs/registry-files.md)."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Container, Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Final, NamedTuple

from healthspace.common.errors import Invalid
from healthspace.enrolment.rules.registry import COLUMNS, REQUIRED, Fault

SEPARATORS: Final = ";,\t|"
UNPARTED: Final = ""
PART_BYTES: Final = 1 << 20
LONGEST_LINE: Final = 1 << 14
END: Final = b"END"
UTF8_MARK, OTHER_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Layout:
    """How the values of a line stand: what parts them, how many, and where each of `COLUMNS` is (or -1)."""

    separator: str
    width: int
    places: tuple[int, ...]


class Part(NamedTuple):
    """Some whole lines of the file, and the number of the first of them."""

    number: int
    first_line: int
    content: bytes
    layout: Layout


class Row(NamedTuple):
    """A line: its values in the order of `COLUMNS`, or what is wrong with the line itself."""

    line: int
    values: list[str]
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """A file that can be taken in; `told` is the number of lines its end line names, None without one."""

    path: Path
    digest: str
    size: int
    lines: int
    told: int | None
    layout: Layout
    part_size: int = PART_BYTES

    @property
    def is_whole(self) -> bool | None:
        """False when lines are missing; None when the file does not say."""
        return None if self.told is None else self.told == self.lines

    def parts(self, done: Container[int], size: int = PART_BYTES) -> Iterator[Part]:
        """The parts that are not done, in the order of the file; always cut at the same places."""
        with self.path.open("rb") as file:
            rest, line, number = b"", 1, 0
            while block := file.read(size):
                whole, found, tail = (rest + block).rpartition(b"\n")
                if found and number not in done:
                    yield Part(number, line, whole, self.layout)
                if found:
                    line += whole.count(b"\n") + 1
                number += 1
                # Of a line without an end only enough is kept to tell that it is too long.
                rest = tail if len(tail) <= LONGEST_LINE else tail[: LONGEST_LINE + 1]
            if rest and number not in done:
                yield Part(number, line, rest, self.layout)


def look_at(path: Path) -> Register:
    """Read the file once: its digest, its head, its end. `Invalid` if it is no register."""
    digest, size, ends, last = hashlib.sha256(), 0, 0, b""
    with path.open("rb") as file:
        layout = read_head(file.readline(LONGEST_LINE))
        file.seek(0)
        while block := file.read(PART_BYTES):
            digest.update(block)
            size += len(block)
            ends += block.count(b"\n")
            last = (last + block)[-LONGEST_LINE:]
    is_ended = last.endswith(b"\n")
    told = _told(last.rstrip(b"\r\n").rpartition(b"\n")[2], layout)
    lines = ends + (not is_ended) - 1 - (told is not None)
    return Register(path, digest.hexdigest(), size, lines, told, layout)


def read_head(line: bytes) -> Layout:
    """The columns named by the first line, in any order; `Invalid` when one is missing or unknown."""
    if line.startswith(OTHER_MARKS):
        raise _wrong("REG-UTF8", "This file is not UTF-8.", "Write it as UTF-8.")
    try:
        text = line.removeprefix(UTF8_MARK).decode().strip("\r\n")
    except UnicodeDecodeError:
        raise _wrong("REG-UTF8", "This file is not UTF-8.", "Write it as UTF-8.") from None
    separator = max(SEPARATORS, key=text.count)
    return layout_of([name.strip().strip('"').lower() for name in text.split(separator)], separator)


def layout_of(names: list[str], separator: str) -> Layout:
    """Where each column is; `Invalid` when one is missing, unknown or there twice."""
    missing = [name for name in REQUIRED if name not in names]
    unknown = [name for name in names if name not in COLUMNS]
    if missing:
        raise _wrong("REG-HEAD", f"The first line does not name: {', '.join(missing)}.", "docs/registry-files.md")
    if unknown or len(set(names)) != len(names):
        raise _wrong("REG-HEAD", "The first line names unknown columns, or one twice.", "docs/registry-files.md")
    places = tuple(names.index(name) if name in names else -1 for name in COLUMNS)
    return Layout(separator, len(names), places)


def rows(part: Part) -> Iterator[Row]:
    """The lines of a part with their numbers; the head and the end are left out."""
    layout, separator = part.layout, part.layout.separator
    is_as_written = layout.places == tuple(range(len(COLUMNS)))
    pick = itemgetter(*layout.places)
    for line, text in enumerate(_texts(part.content), part.first_line):
        if line == 1:
            continue
        if text is None or len(text) > LONGEST_LINE:
            yield Row(line, [], Fault("line", "REG-UTF8" if text is None else "REG-LONG"))
            continue
        values = text.split(separator) if '"' not in text else _quoted(text, separator)
        if len(values) == layout.width:
            yield Row(line, values if is_as_written else list(pick([*values, ""])))
        elif not (values[0] == "END" and len(values) == 2):
            yield Row(line, [], Fault("line", "REG-FIELDS"))


def _texts(content: bytes) -> Iterator[str | None]:
    """Each line as text, without its end; None where it is not UTF-8."""
    try:
        yield from [line.removesuffix("\r") for line in content.decode().split("\n")]
    except UnicodeDecodeError:
        for line in content.split(b"\n"):
            try:
                yield line.removesuffix(b"\r").decode()
            except UnicodeDecodeError:
                yield None


def _quoted(text: str, separator: str) -> list[str]:
    """Values of a line some of which stand in quotes; [] when a quote has no end."""
    try:
        return next(csv.reader([text], delimiter=separator, strict=True), [])
    except csv.Error:
        return [""]


def _told(line: bytes, layout: Layout) -> int | None:
    word, _, count = line.partition(layout.separator.encode())
    return int(count) if word == END and count.isdigit() and len(count) < 12 else None


def _wrong(rule: str, message: str, way_out: str) -> Invalid:
    return Invalid("file", rule, message, way_out)
