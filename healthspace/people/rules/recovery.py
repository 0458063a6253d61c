"""The link that stops a recovery, without signing in: what it carries (T13)."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

MARK_BYTES: Final = 17  # 136 bits, and no padding in the text
_BYTES: Final = 16 + MARK_BYTES
STOPPED_FOR: Final = timedelta(days=365 * 200)
"""A stopped account opens no health data until a letter gives it back anew."""


@dataclass(frozen=True, slots=True)
class StopToken:
    """Whose account, and the mark that only we can make, of this one recovery."""

    account_id: UUID
    mark: bytes


def stop_text(token: StopToken) -> str:
    """The token as it stands in a link."""
    return urlsafe_b64encode(token.account_id.bytes + token.mark).decode()


def stop_token_of(text: str) -> StopToken | None:
    """The token of a link, or None for what cannot be one; says nothing about whether its mark is right."""
    if len(text) != _BYTES * 4 // 3 or not text.isascii():
        return None
    try:
        raw = urlsafe_b64decode(text.encode())
    except (binascii.Error, ValueError):
        return None
    if len(raw) != _BYTES or urlsafe_b64encode(raw).decode() != text:
        return None
    return StopToken(UUID(bytes=raw[:16]), raw[16:])
