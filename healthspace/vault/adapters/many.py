"""The same sealing and the same keyed hashes as elsewhere in this room, for a nation at once.

Only the way differs: what is the same for all is worked out once, and random bytes are drawn together.
A test holds each result against `Sealer`, `KeyRing` and `find_key`.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Sequence
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from healthspace.vault.rules import COLUMN, KEY_BYTES, NONCE_BYTES, PAD_TO

_INNER: Final = bytes(byte ^ 0x36 for byte in range(256))
_OUTER: Final = bytes(byte ^ 0x5C for byte in range(256))
_BLOCK: Final = 64
_PADDINGS: Final = [b"\x80" + b"\0" * (-(length + 1) % PAD_TO) for length in range(PAD_TO)]
Keyed = Callable[[bytes], bytes]


def keyed(key: bytes, head: bytes = b"") -> Keyed:
    """HMAC-SHA256 under one key (RFC 2104), of `head` and then each message; 2.5 times as fast as one by one."""
    block = key.ljust(_BLOCK, b"\0")
    inner, outer = hashlib.sha256(block.translate(_INNER) + head), hashlib.sha256(block.translate(_OUTER))

    def digest(message: bytes) -> bytes:
        first, second = inner.copy(), outer.copy()
        first.update(message)
        second.update(first.digest())
        return second.digest()

    return digest


def seal_new(
    persons: Sequence[bytes], texts: Sequence[tuple[str, Sequence[bytes]]], *, wrapper: AESGCM, context: bytes
) -> list[tuple[bytes, ...]]:
    """For each person (16 bytes) a fresh key, wrapped, and after it each of the texts sealed under that key.

    `texts` names a part and holds one text a person; item and person are the same. `context` is what stands
    before the person in the wrapping's associated data.
    """
    extract, digest = keyed(bytes(KEY_BYTES)), hmac.digest
    step = KEY_BYTES + NONCE_BYTES * (1 + len(texts))
    random = os.urandom(step * len(persons))
    parts = [(part.encode(), plains, KEY_BYTES + NONCE_BYTES * place) for place, (part, plains) in enumerate(texts, 1)]
    sealed: list[tuple[bytes, ...]] = []
    start = 0
    for number, person in enumerate(persons):
        drawn = random[start : start + step]
        start += step
        key, nonce = drawn[:KEY_BYTES], drawn[KEY_BYTES : KEY_BYTES + NONCE_BYTES]
        encrypt = AESGCM(digest(extract(key), b"column\x01", "sha256")).encrypt
        row = [nonce + wrapper.encrypt(nonce, key, context + person)]
        for part, plains, place in parts:
            plain, nonce = plains[number], drawn[place : place + NONCE_BYTES]
            padded = plain + _PADDINGS[len(plain) % PAD_TO]
            row.append(COLUMN + nonce + encrypt(nonce, padded, person + person + part))
        sealed.append(tuple(row))
    return sealed
