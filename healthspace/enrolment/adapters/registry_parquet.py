"""The register as a Parquet file: read batch by batch, in constant memory, its rows numbered like lines."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Container, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import orjson
from arro3.core import DataType
from arro3.io import read_parquet

from healthspace.common.errors import Invalid
from healthspace.enrolment.adapters.registry_csv import UNPARTED, Layout, Part, Row, layout_of

MAGIC: Final = b"PAR1"
PART_ROWS: Final = 6_000
BLOCK: Final = 1 << 20
_FORK: Final = multiprocessing.get_context("fork")
FIRST_LINE: Final = 2  # as if a head stood above


@dataclass(frozen=True, slots=True)
class ParquetRegister:
    """As `registry_csv.Register`; such a file always knows whether it is whole."""

    path: Path
    digest: str
    size: int
    lines: int
    layout: Layout
    part_size: int = PART_ROWS
    is_whole: bool | None = True

    def parts(self, done: Container[int], size: int) -> Iterator[Part]:
        """The parts that are not done, in the order of the file; always cut at the same places."""
        line = FIRST_LINE
        for number, batch in enumerate(_batches(self.path, size)):
            if number not in done:
                yield Part(number, line, _packed(batch), self.layout)
            line += batch.num_rows


def look_at(path: Path) -> ParquetRegister:
    """Read the file once: its digest, its columns, its length. `Invalid` if it is no register."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
    names, lines = _surveyed(path)
    return ParquetRegister(path, digest.hexdigest(), size, lines, layout_of(names, UNPARTED))


def _surveyed(path: Path) -> tuple[list[str], int]:
    """Column names and number of rows, read in a process of its own: the library aborts on some damaged files."""
    ours, theirs = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_survey, args=(path, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        found: tuple[list[str], int] = ours.recv()
    except EOFError:
        raise Invalid("file", "REG-PARQUET", "This Parquet file is damaged.", "Deliver it again.") from None
    finally:
        ours.close()
        process.join()
    return found


def _survey(path: Path, pipe: Connection) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with path.open("rb") as file:
        names = [name.lower() for name in read_parquet(file).schema.names]
    pipe.send((names, sum(batch.num_rows for batch in _batches(path, PART_ROWS))))


def rows(part: Part) -> Iterator[Row]:
    """The rows of a part with their numbers, each in the order of the columns asked for."""
    places = part.layout.places
    for line, values in enumerate(orjson.loads(part.content), part.first_line):
        yield Row(line, [values[place] if place >= 0 else "" for place in places])


def _batches(path: Path, size: int) -> Iterator[Any]:
    with path.open("rb") as file:
        yield from read_parquet(file, batch_size=size)


def _packed(batch: Any) -> bytes:
    text = DataType.utf8()
    columns = [column if column.type == text else column.cast(text) for column in batch.columns]
    values = zip(*(column.to_pylist() for column in columns), strict=True)
    return orjson.dumps([["" if value is None else value for value in row] for row in values])
