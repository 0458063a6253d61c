"""What the journal needs from outside: somebody who signs, and somebody who can open a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

Seal = Callable[[bytes, UUID], bytes]
"""(plain, event id) -> sealed under the key of the event's person."""

Unseal = Callable[[bytes, UUID], bytes]
"""(sealed, event id) -> plain."""

UnsealFor = Callable[[UUID], Unseal | None]
"""person id -> how to open this person's lines, or None when the person's key is destroyed."""


class Signer(Protocol):
    """The journal's Ed25519 key (RFC 8032), kept outside the database."""

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""

    def public_key(self) -> bytes:
        """32 bytes."""

    def verify(self, signature: bytes, message: bytes, key: bytes | None = None) -> bool:
        """True if the signature fits the key, or the journal's own."""
