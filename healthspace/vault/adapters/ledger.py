"""The ledger of destructions: a file outside the database, one signed line for each destroyed space (T61).

Each line carries the SHA-256 of the line before it, so nothing in the middle can be taken out or
changed; its Ed25519 signature vouches for all lines up to it. A last line that lost only its end still counts;
one that is torn was never acknowledged and is cut off by the next one.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final
from uuid import UUID

from healthspace.common.errors import Unavailable
from healthspace.vault.adapters.keyring import sync_folder

FIRST: Final = "0" * 64
LONGEST_LINE: Final = 4096
_SIGNED: Final = b"healthspace destruction\n"
_CHANGED: Final = "the ledger of destructions was changed: restore it from its copy"
Verify = Callable[[bytes, bytes], bool]


@dataclass(frozen=True, slots=True)
class Destroyed:
    """One line: who was destroyed, when, and the line of the journal that says so."""

    person_id: UUID
    at: datetime
    event_id: UUID


def append(path: Path, entry: Destroyed, sign: Callable[[bytes], bytes], verify: Verify) -> None:
    """Add a line, durable when it returns; writers take turns. `Unavailable` when the last line was tampered with."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        previous = _stand_at_the_end(file, verify)
        line = _line(entry, previous)
        signature = base64.b64encode(sign(_SIGNED + _canonical(line))).decode()
        file.write(_canonical(line | {"signature": signature}) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if previous == FIRST:
        sync_folder(path.parent)


def read(path: Path, verify: Verify) -> Iterator[Destroyed]:
    """Every line, oldest first; `Unavailable` before the first one when the file was tampered with."""
    if not path.exists():
        return
    whole = _check(path, verify)
    with path.open("rb") as file:
        for line in islice(file, whole):
            yield _entry(json.loads(line))


def _check(path: Path, verify: Verify) -> int:
    """How many whole lines there are."""
    previous, last, whole = FIRST, b"", 0
    try:
        with path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n") and not _vouches(line, previous, verify):
                    break
                if json.loads(line)["previous"] != previous:
                    raise ValueError
                previous, last, whole = _hash(line), line, whole + 1
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable(_CHANGED) from error
    if last and not _vouches(last, None, verify):
        raise Unavailable(_CHANGED)
    return whole


def _vouches(line: bytes, previous: str | None, verify: Verify) -> bool:
    """Whether this line is signed and, if `previous` is given, follows it."""
    try:
        signed = json.loads(line)
        signature = base64.b64decode(signed.pop("signature"))
        return previous in {None, signed["previous"]} and verify(signature, _SIGNED + _canonical(signed))
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def _stand_at_the_end(file: IO[bytes], verify: Verify) -> str:
    """Drop a torn last line, end one that lost only its end; the hash of the last whole line."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - 2 * LONGEST_LINE)
    file.seek(start)
    tail = file.read()
    end = tail.rfind(b"\n") + 1
    last, rest = tail[tail.rfind(b"\n", 0, max(0, end - 1)) + 1 : end], tail[end:]
    previous = _hash(last) if end else FIRST
    if end and not _vouches(last, None, verify):
        raise Unavailable(_CHANGED)
    if rest and _vouches(rest, previous, verify):
        file.write(b"\n")
        return _hash(rest)
    file.truncate(start + end)
    file.seek(start + end)
    return previous


def _hash(line: bytes) -> str:
    return hashlib.sha256(line.rstrip(b"\n") + b"\n").hexdigest()


def _line(entry: Destroyed, previous: str) -> dict[str, Any]:
    return {
        "version": 1,
        "person": str(entry.person_id),
        "at": entry.at.isoformat(),
        "event": str(entry.event_id),
        "previous": previous,
    }


def _canonical(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True).encode()


def _entry(line: dict[str, Any]) -> Destroyed:
    return Destroyed(UUID(line["person"]), datetime.fromisoformat(line["at"]), UUID(line["event"]))
