"""How bytes are sealed, with AES-256-GCM only; plain functions of keys and bytes.

A column:  version 1 | nonce (12) | ciphertext of the padded text | tag (16)
A body:    version 2 | salt (32) | chunks of 1 MiB, each with its tag (16)

The associated data name person, item and part, so nothing can be moved elsewhere. Texts are padded
to multiples of 64 bytes (ISO/IEC 7816-4): their size tells little. The chunks of a body follow the
STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): number and last flag are part of
each nonce and of the associated data, so cutting, swapping or adding a chunk is found.
"""

from __future__ import annotations

import hmac
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from healthspace.common.errors import StillAway

KEY_BYTES = 32
CHUNK_BYTES = 1 << 20
PAD_TO = 64
NONCE_BYTES = 12
TAG_BYTES = 16
COLUMN = b"\x01"
BODY = b"\x02"
SALT_BYTES = 32


class CannotUnseal(ValueError):
    """The sealed bytes are not what was sealed for this person, item and part."""


def subkey(key: bytes, purpose: bytes, salt: bytes | None = None) -> bytes:
    """A key for one purpose (HKDF-SHA256, RFC 5869); its one block by hand, which a nation's keys need."""
    extracted = hmac.digest(salt or bytes(KEY_BYTES), key, "sha256")
    return hmac.digest(extracted, purpose + b"\x01", "sha256")


def pad(plain: bytes) -> bytes:
    """One 0x80, then zeros up to a multiple of 64 bytes."""
    return plain + b"\x80" + b"\0" * (-(len(plain) + 1) % PAD_TO)


def unpad(padded: bytes) -> bytes:
    """The text before the last 0x80; what was sealed always has one."""
    return padded[: padded.rindex(b"\x80")]


class Sealer:
    """Seals and unseals the columns of one person; made by `reads.sealer`.

    `interim` is the key of the time when the first one lay in the archive: it opens what was sealed then,
    and nothing is sealed with it. `is_parted`: it lies there now, and what it sealed is `StillAway`.
    """

    __slots__ = ("_aead", "_interim", "_is_parted", "_keys", "_person")

    def __init__(self, person_id: UUID, key: bytes, interim: bytes | None = None, *, is_parted: bool = False) -> None:
        self._person = person_id.bytes
        self._aead = AESGCM(subkey(key, b"column"))
        self._interim = AESGCM(subkey(interim, b"column")) if interim else None
        self._keys = (key, interim) if interim else (key,)
        self._is_parted = is_parted

    def seal(self, plain: bytes, *, item: UUID, part: str) -> bytes:
        """Seal a text of this person; `part` names column and version, such as "card:3"."""
        nonce = os.urandom(NONCE_BYTES)
        bound = self._person + item.bytes + part.encode()
        return COLUMN + nonce + self._aead.encrypt(nonce, pad(plain), bound)

    def unseal(self, sealed: bytes, *, item: UUID, part: str) -> bytes:
        """The text again; `CannotUnseal` if person, item, part or one bit differs."""
        if sealed[:1] != COLUMN:
            raise CannotUnseal("unknown format")
        bound = self._person + item.bytes + part.encode()
        for aead in (self._aead, self._interim):
            if aead is None:
                break
            try:
                return unpad(aead.decrypt(sealed[1:13], sealed[13:], bound))
            except (InvalidTag, ValueError):
                continue
        raise self._closed()

    def seal_body(self, content: bytes, *, item: UUID, name: str) -> bytearray:
        """Seal a document's bytes in chunks of 1 MiB, bound to the name of their blob."""
        salt = os.urandom(SALT_BYTES)
        aead = _of_body(self._keys[0], salt)
        bound = self._person + item.bytes + name.encode()
        count = max(1, -(-len(content) // CHUNK_BYTES))
        sealed = bytearray(BODY + salt) + bytearray(len(content) + count * TAG_BYTES)
        start, step = 1 + SALT_BYTES, CHUNK_BYTES + TAG_BYTES
        with memoryview(content) as view, memoryview(sealed) as out:
            for number in range(count):
                place = _place(number, is_last=number == count - 1)
                chunk = view[number * CHUNK_BYTES : (number + 1) * CHUNK_BYTES]
                into = out[start + number * step : start + number * step + len(chunk) + TAG_BYTES]
                aead.encrypt_into(place, chunk, bound + place, into)
        return sealed

    def unseal_body(self, sealed: bytes, *, item: UUID, name: str) -> bytes:
        """The document's bytes again; `CannotUnseal` if a chunk is missing, moved or changed."""
        if sealed[:1] != BODY or len(sealed) < 1 + SALT_BYTES + TAG_BYTES:
            raise CannotUnseal("unknown format")
        for key in self._keys:
            try:
                return self._body(_of_body(key, sealed[1 : 1 + SALT_BYTES]), sealed, item.bytes + name.encode())
            except (InvalidTag, ValueError):
                continue
        raise self._closed()

    def _body(self, aead: AESGCM, sealed: bytes, bound: bytes) -> bytes:
        bound = self._person + bound
        start, step = 1 + SALT_BYTES, CHUNK_BYTES + TAG_BYTES
        count = -(-(len(sealed) - start) // step)
        plain: list[bytes] = []
        with memoryview(sealed) as view:
            for number in range(count):
                place = _place(number, is_last=number == count - 1)
                chunk = view[start + number * step : start + (number + 1) * step]
                plain.append(aead.decrypt(place, chunk, bound + place))
        return b"".join(plain)

    def _closed(self) -> CannotUnseal | StillAway:
        return StillAway("in the archive") if self._is_parted else CannotUnseal("not what was sealed")


def _of_body(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(subkey(subkey(key, b"body"), b"blob", salt))


def _place(number: int, *, is_last: bool) -> bytes:
    """The nonce of a chunk: unique because each body has a key of its own."""
    return b"\0" * 7 + number.to_bytes(4, "big") + (b"\1" if is_last else b"\0")
