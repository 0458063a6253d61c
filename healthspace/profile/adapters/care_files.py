"""Files of reimbursed care, CSV or Parquet: part by part, at constant memory (docs/care-history-files.md)."""

from __future__ import annotations

import csv
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from multiprocessing.connection import Connection
from operator import itemgetter
from pathlib import Path
from typing import Final

from arro3.core import DataType
from arro3.io import read_parquet

from healthspace.common.errors import Invalid
from healthspace.profile.rules import CareLine, check_line

NEEDED: Final = ("ins", "oid", "on", "category", "label")
ROWS_AT_ONCE: Final = 5000
PART_BYTES: Final = 2 * 1024 * 1024
PART_ROWS: Final = 20_000
LONGEST_QUANTITY: Final = 4
PARQUET: Final = b"PAR1"
LONGEST_LINE: Final = 8192
_FORK: Final = multiprocessing.get_context("fork")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that was not taken: where, which field, by which rule; never its content."""

    row: int
    field: str
    rule: str


@dataclass(slots=True)
class Care:
    """The rows of one person that stand together in the file: number and authority, lines, what was left out."""

    ins: tuple[str, str]
    row: int
    lines: list[CareLine] = field(default_factory=list)
    secret: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a file in which nobody stands who stands in the part before or after, unless far away.

    `rows` is the text of a CSV file, or values in the order of `head`; `row` is the number of the first.
    """

    number: int
    row: int
    head: tuple[str, ...]
    rows: bytes | list[tuple[str, ...]]


def parts(path: Path) -> Iterator[Part]:
    """The parts of a file, always the same ones.

    Invalid when the file as a whole says nothing: not there, no such columns.
    """
    with path.open("rb") as file:
        is_parquet = file.read(len(PARQUET)) == PARQUET
    yield from _parquet(path) if is_parquet else _csv(path)


def read(part: Part, *, categories: frozenset[str], today: date, fault: Callable[[Fault], None]) -> Iterator[Care]:
    """Person by person; `fault` hears of each bad row, and the rest of the part goes on."""
    held: Care | None = None
    for number, row in _rows(part, fault):
        ins = (row["ins"], row["oid"])
        if held is None or held.ins != ins:
            if held is not None:
                yield held
            held = Care(ins, number)
        if row.get("secret", "") in {"1", "true"}:
            held.secret += 1
            continue
        try:
            line = _line(row)
            check_line(line, categories=categories, today=today)
        except Invalid as wrong:
            fault(Fault(number, wrong.field, wrong.rule))
            continue
        held.lines.append(line)
    if held is not None:
        yield held


def _line(row: Row) -> CareLine:
    quantity = row.get("quantity", "") or "1"
    if not (quantity.isascii() and quantity.isdecimal() and len(quantity) <= LONGEST_QUANTITY):
        raise Invalid("quantity", "CARE-4", "A quantity is a whole number.", "Check the quantity.")
    return CareLine(
        on=_day(row["on"]),
        category=row["category"],
        label=row["label"].strip(),
        code=row.get("code", ""),
        quantity=int(quantity),
        provider=row.get("provider", "").strip(),
        place=row.get("place", "").strip(),
        reference=row.get("reference", ""),
    )


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("on", "CARE-2", "This is no date.", "Write 2026-11-24.") from None


def _csv(path: Path) -> Iterator[Part]:
    with path.open("rb") as file:
        head = tuple(_cells(file.readline().removeprefix(b"\xef\xbb\xbf")) or ())
        _check_columns(head)
        number, row, after = 0, 2, b""
        while text := after + file.read(PART_BYTES) + file.readline():
            whose = _last_person(text, head)
            while (after := file.readline()) and _person(after, head) in {whose, None}:
                text += after
            yield Part(number, row, head, text)
            number, row = number + 1, row + text.count(b"\n")


def _last_person(text: bytes, head: Sequence[str]) -> tuple[str, str] | None:
    """Whose the last readable line is."""
    for raw in reversed(text.rstrip(b"\n").split(b"\n")):
        if (found := _person(raw, head)) is not None:
            return found
    return None


def _person(raw: bytes, head: Sequence[str]) -> tuple[str, str] | None:
    cells = _cells(raw)
    if cells is None or len(cells) != len(head):
        return None
    return cells[head.index("ins")], cells[head.index("oid")]


def _rows(part: Part, fault: Callable[[Fault], None]) -> Iterator[tuple[int, Row]]:
    head = part.head
    if not isinstance(part.rows, bytes):
        yield from enumerate((dict(zip(head, values, strict=True)) for values in part.rows), part.row)
        return
    for number, raw in enumerate(part.rows.removesuffix(b"\n").split(b"\n"), part.row):
        cells = _cells(raw)
        if cells is None:
            fault(Fault(number, "row", "CARE-UTF8"))
        elif len(cells) != len(head):
            fault(Fault(number, "row", "CARE-COLUMNS"))
        else:
            yield number, dict(zip(head, cells, strict=True))


def _cells(raw: bytes) -> list[str] | None:
    """The cells of one line; None when it is no text. A quotation mark never reaches into the next line."""
    if len(raw) > LONGEST_LINE:
        return None
    try:
        text = raw.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        return None
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv.reader([text], strict=True))
    except csv.Error:
        return None


def _parquet(path: Path) -> Iterator[Part]:
    """Rows count from 1; every column as text."""
    head = tuple(_surveyed(path))
    _check_columns(head)
    whose = itemgetter(head.index("ins"), head.index("oid"))
    number, row, held = 0, 1, list[tuple[str, ...]]()
    for values in _values(path):
        if len(held) >= PART_ROWS and whose(values) != whose(held[-1]):
            yield Part(number, row, head, held)
            number, row, held = number + 1, row + len(held), []
        held.append(values)
    if held:
        yield Part(number, row, head, held)


def _values(path: Path) -> Iterator[tuple[str, ...]]:
    text = DataType.utf8()
    with path.open("rb") as file:
        for batch in read_parquet(file, batch_size=ROWS_AT_ONCE):
            columns = [one if one.type == text else one.cast(text) for one in batch.columns]
            for values in zip(*(one.to_pylist() for one in columns), strict=True):
                yield tuple(value or "" for value in values)


def _surveyed(path: Path) -> list[str]:
    """The names of the columns, found by going through the file in a process of its own.

    The library aborts on some damaged files; here that ends nothing but the look.
    """
    ours, theirs = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_survey, args=(path, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        found: list[str] = ours.recv()
    except EOFError:
        raise Invalid("file", "CARE-PARQUET", "This Parquet file is damaged.", "Deliver it again.") from None
    finally:
        ours.close()
        process.join()
    return found


def _survey(path: Path, pipe: Connection) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with path.open("rb") as file:
        names = [str(name).lower() for name in read_parquet(file).schema.names]
    with path.open("rb") as file:
        for _batch in read_parquet(file, batch_size=ROWS_AT_ONCE):
            pass
    pipe.send(names)


def _check_columns(names: Sequence[str]) -> None:
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise Invalid("file", "CARE-COLUMNS", f"The file has no column {', '.join(missing)}.", "Give all five.")
