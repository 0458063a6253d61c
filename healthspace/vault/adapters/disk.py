"""Sealed bodies as files: fsync before success, 4,096 folders, never half a file."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from healthspace.common.errors import Conflict, Refused, Unavailable
from healthspace.vault.adapters.keyring import sync_folder
from healthspace.vault.ports import Stored

DRAFT: Final = ".draft-"
DRAFT_LIVES_SECONDS: Final = 3600


class DiskStore:
    """A folder that is ours alone; one `fsync` for the bytes and one for the name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put_once(self, name: str, content: bytes | bytearray) -> None:
        """Write beside, fsync, link under the name (fails if taken), fsync the folder."""
        target = self._path(name)
        draft = target.with_name(f"{DRAFT}{name}-{os.urandom(4).hex()}")
        try:
            self._make(target.parent)
            try:
                _write(draft, content)
                target.hardlink_to(draft)
            finally:
                draft.unlink(missing_ok=True)
            sync_folder(target.parent)
        except FileExistsError as error:
            raise Conflict("this blob is already stored") from error
        except OSError as error:
            raise Unavailable("the store of documents is full or not writable") from error

    def get(self, name: str) -> bytes:
        """The file's bytes."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise Refused("ABSENT") from error
        except OSError as error:
            raise Unavailable("the store of documents cannot be read") from error

    def head(self, name: str) -> Stored | None:
        """The file's size and age, or None."""
        try:
            found = self._path(name).stat()
        except FileNotFoundError:
            return None
        return Stored(name, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def delete(self, name: str) -> None:
        """Remove the file durably."""
        path = self._path(name)
        path.unlink(missing_ok=True)
        if path.parent.exists():
            sync_folder(path.parent)

    def names(self) -> Iterator[Stored]:
        """Every stored file; drafts a crash left behind are removed on the way."""
        for path in self.folder.glob("*/*"):
            if path.name.startswith(DRAFT):
                _drop_old_draft(path)
            elif found := self.head(path.name):
                yield found

    def _path(self, name: str) -> Path:
        if len(name) < 8 or not name.isalnum() or not name.isascii():
            raise Refused("ABSENT")
        return self.folder / name[:3] / name

    def _make(self, folder: Path) -> None:
        if folder.exists():
            return
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for parent in (self.folder, self.folder.parent):
            sync_folder(parent)


def _write(path: Path, content: bytes | bytearray) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb", buffering=0) as file:
        with memoryview(content) as view:
            written = 0
            while written < len(view):
                written += file.write(view[written:])
        os.fsync(file.fileno())


def _drop_old_draft(path: Path) -> None:
    try:
        if time.time() - path.stat().st_mtime > DRAFT_LIVES_SECONDS:
            path.unlink(missing_ok=True)
    except FileNotFoundError:
        return
