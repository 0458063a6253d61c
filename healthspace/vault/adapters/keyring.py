"""Key files on this machine: the root keys with the pepper, and the journal's signing key.

Both are JSON of mode 0600 beside each other, written whole or not at all. Whoever holds these and
the database reads everything: a hospital puts them on another volume, a nation in a key service.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from healthspace.common.errors import Unavailable
from healthspace.vault.rules import subkey

NONCE_BYTES: Final = 12
JOURNAL_FILE: Final = "journal.key"
HEX_DIGITS: Final = 64


class KeyRing:
    """The `RootKey` of a single machine: the current root key and those before it."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._roots = {name: base64.b64decode(key) for name, key in content["roots"].items()}
        self._pepper = base64.b64decode(content["pepper"])
        self.current: str = content["current"]
        self._wrappers = {name: (AESGCM(key), name.encode() + b"\0") for name, key in self._roots.items()}
        if self.current not in self._roots or len(self._pepper) != 32:
            raise Unavailable("the root key file is damaged: restore it from its backup")

    @property
    def root_ids(self) -> frozenset[str]:
        """Every root key held here."""
        return frozenset(self._roots)

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Wrap under the current root key (AES-256-GCM, random nonce)."""
        nonce = os.urandom(NONCE_BYTES)
        root, head = self._wrappers[self.current]
        return nonce + root.encrypt(nonce, key, head + context)

    def wrapper(self) -> tuple[AESGCM, bytes]:
        """What wraps under the current root key, and what stands before the context; to wrap many."""
        return self._wrappers[self.current]

    def unwrap(self, root_id: str, wrapped: bytes, context: bytes) -> bytes:
        """Unwrap under the named root key; `Unavailable` if it is not held or does not fit."""
        found = self._wrappers.get(root_id)
        if found is None:
            raise Unavailable("the root key of this person key is not in the root key file")
        root, head = found
        try:
            return root.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], head + context)
        except InvalidTag as error:
            raise Unavailable("a person key does not open under its root key") from error

    def pepper(self) -> bytes:
        """The key of the blind indexes."""
        return self._pepper

    def with_new_root(self) -> KeyRing:
        """The same ring with a fresh current root key."""
        content = self._content()
        name = _new_name()
        content["roots"][name] = _b64(os.urandom(32))
        return KeyRing(content | {"current": name})

    def without(self, root_id: str) -> KeyRing:
        """The same ring less one old root key: what it wrapped is gone for good."""
        content = self._content()
        del content["roots"][root_id]
        return KeyRing(content)

    def save(self, path: Path) -> None:
        """Replace the key file, all or nothing."""
        write_secret(path, json.dumps(self._content(), indent=1).encode(), replace=True)

    def _content(self) -> dict[str, Any]:
        roots = {name: _b64(key) for name, key in self._roots.items()}
        return {"version": 1, "current": self.current, "roots": roots, "pepper": _b64(self._pepper)}


def read_ring(path: Path) -> KeyRing:
    """The ring of this file; `FileNotFoundError` if there is none yet.

    A file of 64 hexadecimal digits is one root key, from which the pepper is derived.
    """
    content = read_secret(path).strip()
    try:
        if len(content) == HEX_DIGITS:
            return KeyRing(_ring_of_one(bytes.fromhex(content.decode())))
        return KeyRing(json.loads(content))
    except (ValueError, KeyError) as error:
        raise Unavailable("the root key file is damaged: restore it from its backup") from error


def make_ring(path: Path) -> KeyRing:
    """A fresh ring in a new file; the one already there if another process was faster."""
    name = _new_name()
    roots = {name: _b64(os.urandom(32))}
    content = {"version": 1, "current": name, "roots": roots, "pepper": _b64(os.urandom(32))}
    write_secret(path, json.dumps(content, indent=1).encode(), replace=False)
    return read_ring(path)


def journal_key(folder: Path) -> Ed25519PrivateKey:
    """The signing key of the journal, made on first use."""
    path = folder / JOURNAL_FILE
    if not path.exists():
        seed = _b64(os.urandom(32))
        write_secret(path, json.dumps({"version": 1, "ed25519": seed}).encode(), replace=False)
    seed = json.loads(read_secret(path))["ed25519"]
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))


def read_secret(path: Path) -> bytes:
    """A key file's content; refused if others may read it."""
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Unavailable(f"{path.name} can be read by others: chmod 600 it")
    return path.read_bytes()


def write_secret(path: Path, content: bytes, *, replace: bool) -> None:
    """Write a key file of mode 0600 durably; without `replace` the first writer wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(path)
        else:
            _link_first(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make names in this folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _link_first(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return


def _ring_of_one(key: bytes) -> dict[str, Any]:
    name = "root-" + hashlib.sha256(b"name" + key).hexdigest()[:16]
    pepper = _b64(subkey(key, b"pepper"))
    return {"version": 1, "current": name, "roots": {name: _b64(key)}, "pepper": pepper}


def _new_name() -> str:
    return "root-" + os.urandom(8).hex()


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode()
