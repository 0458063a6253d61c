"""Keys in use: sealers for one person, blind indexes, bodies of documents, the journal's key."""

from __future__ import annotations

import hmac
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import connection

from healthspace.common.errors import HealthspaceError, Unavailable
from healthspace.schema.many import Persons
from healthspace.vault import models
from healthspace.vault.adapters import keyring, many
from healthspace.vault.adapters.disk import DiskStore
from healthspace.vault.ports import BlobStore
from healthspace.vault.rules import CannotUnseal, Sealer, subkey

__all__ = [
    "CannotUnseal",
    "KeyArchived",
    "KeyDestroyed",
    "Sealer",
    "account_sealer",
    "find_key",
    "journal_sealer",
    "open_blob",
    "sealer",
    "verify",
]

CACHE_SECONDS: Final = 60.0
CACHE_PERSONS: Final = 20_000
RING_SECONDS: Final = 1.0
KEY_CONTEXT: Final = b"person-key\0"
_PERSON_KEYS: Final = (
    "SELECT person_id, wrapped, root_id, interim, interim_root_id, archived IS NOT NULL FROM vault_person_key"
    " WHERE person_id = ANY(%s) AND wrapped IS NOT NULL"
)
_PERSON_KEY: Final = (
    "SELECT wrapped, root_id, interim, interim_root_id, archived IS NOT NULL FROM vault_person_key WHERE person_id = %s"
)


class KeyDestroyed(HealthspaceError):
    """The person's key is gone, or never was: nothing of the person can be read any more."""

    code = "key-destroyed"


class KeyArchived(KeyDestroyed):
    """The space is closed: its key lies in the archive, which no door can open."""

    code = "key-archived"


@dataclass(slots=True)
class _Held:
    sealer: Sealer
    until: float


@dataclass(frozen=True, slots=True)
class _Ring:
    ring: keyring.KeyRing
    changed_ns: int
    looked_at: float


_sealers: dict[UUID, _Held] = {}
_fresh: set[UUID] = set()
_rings: dict[object, _Ring] = {}
_lock = threading.Lock()


def sealer(person_id: UUID) -> Sealer:
    """The sealer of this person, inside a transaction whose context is that person.

    Kept unwrapped for 60 s at most in this process. Raises `KeyDestroyed`.
    """
    held = _sealers.get(person_id)
    if held is not None and held.until > time.monotonic():
        return held.sealer
    return _made(person_id, _row(person_id))


def journal_sealer(person_id: UUID) -> Sealer:
    """The sealer for lines of the journal and for how to reach a holder: works for a closed space too.

    Raises `KeyDestroyed`.
    """
    held = _sealers.get(person_id)
    if held is not None and held.until > time.monotonic():
        return held.sealer
    row = _row(person_id)
    interim = _interim(person_id, row[2], row[3]) if row[0] is None else None
    return Sealer(person_id, interim) if interim else _made(person_id, row)


def _made(person_id: UUID, row: tuple[Any, ...]) -> Sealer:
    wrapped, *_, is_archived = row
    if wrapped is None:
        forget(person_id)
        raise KeyArchived("in the archive") if is_archived else KeyDestroyed("no key")
    made = _unwrapped(person_id, row)
    if person_id not in _fresh and not is_archived:  # what is away may come back at any moment
        _keep(person_id, made)
    return made


def _unwrapped(person_id: UUID, row: tuple[Any, ...]) -> Sealer:
    wrapped, root_id, interim, interim_root_id, is_archived = row
    key = ring_with(root_id).unwrap(root_id, bytes(wrapped), key_context(person_id))
    return Sealer(person_id, key, _interim(person_id, interim, interim_root_id), is_parted=is_archived)


def _row(person_id: UUID) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_PERSON_KEY, [person_id])
        return cursor.fetchone() or (None, "", None, "", False)


def _interim(person_id: UUID, interim: Any, root_id: str) -> bytes | None:
    if interim is None:
        return None
    return ring_with(root_id).unwrap(root_id, bytes(interim), interim_context(person_id))


def sealers(person_ids: Iterable[UUID] | Persons) -> dict[UUID, Sealer]:
    """The sealers of many persons in one look-up, none of them kept; whoever has no key is left out.

    For mass work in the worker's role; a door sees the key of the person in context only.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PERSON_KEYS, [Persons.of(person_ids).array])
        rows = cursor.fetchall()
    return {person_id: _unwrapped(person_id, tuple(row)) for person_id, *row in rows}


def account_sealer(account_id: UUID) -> Sealer:
    """The sealer of an account's ways in: a key of the installation, which works while a space's key is away."""
    return Sealer(account_id, subkey(ring().pepper(), b"account", account_id.bytes))


def find_key(purpose: str, value: str) -> bytes:
    """32 bytes to find a value by ("ins", "email", ...) without storing it; keyed, so no guessing."""
    return hmac.digest(ring().pepper(), purpose.encode() + b"\0" + value.encode(), "sha256")


def finder(purpose: str) -> Callable[[bytes], bytes]:
    """`find_key` of one purpose for many values, given as UTF-8; keep it no longer than one piece of work."""
    return many.keyed(ring().pepper(), purpose.encode() + b"\0")


def open_blob(*, person_id: UUID, item: UUID, blob: str) -> bytes:
    """The plain bytes of a stored body; `Refused("ABSENT")` if it is not there."""
    return sealer(person_id).unseal_body(store().get(blob), item=item, name=blob)


def public_key() -> bytes:
    """The journal's Ed25519 public key, 32 bytes."""
    return journal_key().public_key().public_bytes_raw()


def verify(signature: bytes, message: bytes, key: bytes | None = None) -> bool:
    """True if this Ed25519 signature fits; without `key`, the journal's own (RFC 8032)."""
    try:
        Ed25519PublicKey.from_public_bytes(key or public_key()).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_context(person_id: UUID) -> bytes:
    """What a wrapped person key is bound to."""
    return KEY_CONTEXT + person_id.bytes


def interim_context(person_id: UUID) -> bytes:
    """What the key of a person's closed time is bound to."""
    return b"interim-key\0" + person_id.bytes


def forget(person_id: UUID) -> None:
    """Drop the unwrapped key of this person from this process."""
    with _lock:
        _sealers.pop(person_id, None)


def hold_back(person_id: UUID) -> None:
    """Keep no unwrapped key of this person: its transaction may yet come to nothing."""
    with _lock:
        _fresh.add(person_id)
        _sealers.pop(person_id, None)


def release(person_id: UUID) -> None:
    """The key of this person is there to stay."""
    with _lock:
        _fresh.discard(person_id)


def forget_all() -> None:
    """Drop every unwrapped key from this process."""
    with _lock:
        _sealers.clear()
        _rings.clear()
    _journal_key.cache_clear()


def forget_ring() -> None:
    """Read the key file again: it was just written."""
    _rings.clear()


def ring() -> keyring.KeyRing:
    """The root keys, made on the very first start; read again when the file changed."""
    held = _rings.get(settings.ROOT_KEY_FILE)
    if held is not None and time.monotonic() - held.looked_at < RING_SECONDS:
        return held.ring
    path = Path(settings.ROOT_KEY_FILE)
    try:
        changed_ns = path.stat().st_mtime_ns
    except FileNotFoundError:
        return _first_ring(path)
    found = held.ring if held and held.changed_ns == changed_ns else _fitting(keyring.read_ring(path))
    _rings[settings.ROOT_KEY_FILE] = _Ring(found, changed_ns, time.monotonic())
    return found


def ring_with(root_id: str) -> keyring.KeyRing:
    """The ring that holds this root key, read again if another process just rotated."""
    found = ring()
    if root_id not in found.root_ids:
        forget_ring()
        found = ring()
    return found


def store() -> BlobStore:
    """The store of sealed bodies named by the settings."""
    return _store(tuple(sorted((name, str(value)) for name, value in settings.STORE.items())))


def journal_key() -> Ed25519PrivateKey:
    """The journal's signing key, beside the root key."""
    return _journal_key(Path(settings.ROOT_KEY_FILE).parent)


def _keep(person_id: UUID, made: Sealer) -> None:
    with _lock:
        _sealers.pop(person_id, None)
        while len(_sealers) >= CACHE_PERSONS:
            _sealers.pop(next(iter(_sealers)))
        _sealers[person_id] = _Held(made, time.monotonic() + CACHE_SECONDS)


def _fitting(found: keyring.KeyRing) -> keyring.KeyRing:
    known = frozenset(models.Root.objects.values_list("root_id", flat=True))
    if known and not known & found.root_ids:
        raise Unavailable("this root key file belongs to another database: restore the right one")
    return found


def _first_ring(path: Path) -> keyring.KeyRing:
    if models.Root.objects.exists():
        raise Unavailable("the root key file is missing: restore it from its backup")
    return keyring.make_ring(path)


@lru_cache(maxsize=4)
def _journal_key(folder: Path) -> Ed25519PrivateKey:
    return keyring.journal_key(folder)


@lru_cache(maxsize=4)
def _store(chosen: tuple[tuple[str, str], ...]) -> BlobStore:
    asked = dict(chosen)
    if asked["kind"] == "s3":
        s3 = import_module("healthspace.vault.adapters.s3")  # 5 MB that only those with an S3 service carry
        chosen_store: BlobStore = s3.S3Store(asked)
        return chosen_store
    return DiskStore(Path(asked["folder"]))
