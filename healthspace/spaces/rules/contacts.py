"""How long a change of e-mail or phone waits, and the link that stops it (T12); figures from `data/delays.json`."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from healthspace.spaces.rules.delays import CONTACT

WAIT: Final = timedelta(hours=CONTACT["wait_hours"])
DIGITS: Final[int] = CONTACT["digits"]
DIGITS_LAST: Final = timedelta(minutes=CONTACT["digits_last_minutes"])
WRONG_TRIES: Final[int] = CONTACT["wrong_tries"]
SENDS_AN_HOUR: Final[int] = CONTACT["sends_an_hour"]
KEPT: Final = timedelta(days=CONTACT["kept_days"])
MARK_BYTES: Final = 16
_TOKEN_CHARACTERS: Final = 64  # two ids and the mark, 48 bytes


@dataclass(frozen=True, slots=True)
class Reach:
    """How somebody is reached; empty for a way that is not there."""

    email: str
    phone: str

    @property
    def is_nothing(self) -> bool:
        """Nobody can be told anything but on paper."""
        return not self.email and not self.phone


@dataclass(frozen=True, slots=True)
class Token:
    """What a link to stop a change carries: whose, which, and the mark that only we can make."""

    person_id: UUID
    change_id: UUID
    mark: bytes


def to_text(token: Token) -> str:
    """The token as it stands in a link: 64 characters of the address alphabet."""
    return urlsafe_b64encode(token.person_id.bytes + token.change_id.bytes + token.mark).decode()


def from_text(text: str) -> Token | None:
    """The token of a link, or None for what cannot be one; says nothing about whether its mark is right."""
    if len(text) != _TOKEN_CHARACTERS or not text.isascii():
        return None
    try:
        raw = urlsafe_b64decode(text.encode())
    except (binascii.Error, ValueError):
        return None
    if len(raw) != 32 + MARK_BYTES or urlsafe_b64encode(raw).decode() != text:
        return None
    return Token(UUID(bytes=raw[:16]), UUID(bytes=raw[16:32]), raw[32:])


def digits_of(key: bytes) -> str:
    """Eight digits out of a keyed hash (a modulo of 64 bits: no digit is likelier by more than one in 10^11)."""
    return f"{int.from_bytes(key[:8]) % 10**DIGITS:0{DIGITS}d}"


def plain_digits(text: str) -> str:
    """The digits of what somebody typed, spaces left out."""
    return "".join(c for c in text[:40] if c.isascii() and c.isdecimal())
