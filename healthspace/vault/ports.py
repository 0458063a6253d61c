"""The shapes of what the vault needs from outside: a keeper of root keys, and a store of bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class RootKey(Protocol):
    """Wraps person keys. A key service (KMS, HSM) fits: encrypt and decrypt with a context.

    `context` is authenticated, not secret: a wrapped key opens only for the person it was made for.
    """

    @property
    def current(self) -> str:
        """Id of the root key that wraps new keys."""

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Wrap under the current root key."""

    def unwrap(self, root_id: str, wrapped: bytes, context: bytes) -> bytes:
        """Unwrap under the named root key; `Unavailable` if it is not held here."""

    def pepper(self) -> bytes:
        """32 bytes for the blind indexes; never changes, or nobody could be found again."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What a store knows of one blob."""

    name: str
    size_bytes: int
    stored_at: datetime


class BlobStore(Protocol):
    """Write-once sealed bytes under random names (decision 7)."""

    def put_once(self, name: str, content: bytes | bytearray) -> None:
        """Durable when it returns; `Conflict` if the name is taken, `Unavailable` if it cannot."""

    def get(self, name: str) -> bytes:
        """The bytes; `Refused("ABSENT")` if there are none."""

    def head(self, name: str) -> Stored | None:
        """Size and age, or None."""

    def delete(self, name: str) -> None:
        """Gone when it returns; a name that is not there is no error."""

    def names(self) -> Iterator[Stored]:
        """Everything in the store, in no order."""
