"""Files with living codes: readable by whoever runs the command alone, whole or not there at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, Final, TextIO

FILE: Final = 0o600
FOLDER: Final = 0o700


def folder(path: Path) -> Path:
    """This folder, made for its owner alone when it is not there."""
    path.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    return path


def to_write(path: Path) -> BinaryIO:
    """The file anew, for bytes; `OSError`."""
    path.unlink(missing_ok=True)  # it may have the rights of another time
    return open(path, "xb", opener=_opened)


def to_write_text(path: Path) -> TextIO:
    """The file anew, for lines of UTF-8; `OSError`."""
    path.unlink(missing_ok=True)
    return open(path, "x", encoding="utf-8", newline="\n", opener=_opened)


def keep(*streams: IO[bytes] | IO[str]) -> None:
    """What was written is on the disk, whatever happens to the power."""
    for stream in streams:
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A file that has its name only once all of it is written."""
    part = path.with_suffix(path.suffix + ".part")
    with to_write(part) as stream:
        yield stream
        keep(stream)
    part.replace(path)


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags, FILE)
