"""Files of reimbursed care, CSV or Parquet: rows one by one, at constant memory (docs/care-history-files.md)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from healthspace.common.errors import Invalid
from healthspace.profile.rules import CareLine, check_line

NEEDED: Final = ("ins", "oid", "on", "category", "label")
MORE: Final = ("code", "quantity", "provider", "place", "reference", "secret")
ROWS_AT_ONCE: Final = 5000
LONGEST_LINE: Final = 8192
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
    arrow: Any = import_module("pyarrow.parquet")  # 40 MB that only those with such files load
    number = 0
    with arrow.ParquetFile(path) as file:
        names = [name for name in file.schema_arrow.names if name in NEEDED + MORE]
        _check_columns(names)
        for batch in file.iter_batches(batch_size=ROWS_AT_ONCE, columns=names):
            for given in batch.to_pylist():
                number += 1
                yield number, {name: "" if value is None else str(value) for name, value in given.items()}


def _check_columns(names: list[str]) -> None:
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise Invalid("file", "CARE-COLUMNS", f"The file has no column {', '.join(missing)}.", "Give all five.")
