"""Files of reimbursed care, CSV or Parquet: rows one by one, at constant memory (docs/care-history-files.md)."""

from __future__ import annotations

import csv
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from arro3.core import DataType
from arro3.io import read_parquet

from healthspace.common.errors import Invalid
from healthspace.profile.rules import CareLine, check_line

NEEDED: Final = ("ins", "oid", "on", "category", "label")
MORE: Final = ("code", "quantity", "provider", "place", "reference", "secret")
ROWS_AT_ONCE: Final = 5000
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


def read(path: Path, *, categories: frozenset[str], today: date, fault: Callable[[Fault], None]) -> Iterator[Care]:
    """Person by person; `fault` hears of each bad row, and the rest of the file goes on.

    Invalid when the file as a whole says nothing: not there, no such columns.
    """
    rows = _parquet(path) if path.suffix == ".parquet" else _csv(path, fault)
    held: Care | None = None
    for number, row in rows:
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
    if not (quantity.isascii() and quantity.isdecimal()):
        raise Invalid("quantity", "CARE-4", "A quantity is a whole number.", "Check the quantity.")
    return CareLine(
        on=_day(row["on"]),
        category=row["category"],
        label=row["label"].strip(),
        code=row.get("code", ""),
        quantity=int(quantity[:6]),
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


def _csv(path: Path, fault: Callable[[Fault], None]) -> Iterator[tuple[int, Row]]:
    with path.open("rb") as file:
        head = _cells(file.readline().removeprefix(b"\xef\xbb\xbf")) or []
        _check_columns(head)
        for number, raw in enumerate(file, 2):
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


def _parquet(path: Path) -> Iterator[tuple[int, Row]]:
    """Rows with their numbers, from 1; every column as text."""
    names = _surveyed(path)
    _check_columns(names)
    text, number = DataType.utf8(), 0
    with path.open("rb") as file:
        for batch in read_parquet(file, batch_size=ROWS_AT_ONCE):
            columns = [one if one.type == text else one.cast(text) for one in batch.columns]
            for values in zip(*(one.to_pylist() for one in columns), strict=True):
                number += 1
                yield number, {name: value or "" for name, value in zip(names, values, strict=True)}


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


def _check_columns(names: list[str]) -> None:
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise Invalid("file", "CARE-COLUMNS", f"The file has no column {', '.join(missing)}.", "Give all five.")
