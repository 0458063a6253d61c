"""What this room asks of the world outside: sending a code, and a list of passwords that leaked."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID


class CodeSender(Protocol):
    """Sends a short-lived code to one address or number."""

    def send(self, *, to: str, code: str, language: str, message_id: UUID) -> None:
        """Hand it over; Unavailable when it cannot be, Invalid for what is no address."""


class LeakedPasswords(Protocol):
    """Knows passwords that leaked somewhere."""

    def has(self, password: str) -> bool:
        """True if this password is among them; asked without telling anybody."""
