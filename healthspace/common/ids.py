"""Identifiers: random, made by us, never by a sender (threat T32)."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

NIL: Final = UUID(int=0)


def new_id() -> UUID:
    """A fresh random identifier (UUID version 4, RFC 9562)."""
    return uuid4()
