"""What a mail in the box of returns says: not delivered for good, or anything else (RFC 3464, RFC 3834)."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final, Literal

from healthspace.enrolment.rules import sending

Kind = Literal["failed", "delayed", "delivered", "automatic", "unclear"]
LARGEST_BYTES: Final = 1_000_000
# In the order of trust: where the returned mail was addressed to, as the receiving server wrote it.
_ADDRESSED: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_RETURNED_PARTS: Final = frozenset(
    {"text/rfc822-headers", "message/rfc822", "message/global", "message/global-headers"}
)


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail of the box: what it says, and of which mail of ours (None when it names none)."""

    kind: Kind
    sent: sending.Sent | None = None


def read(message: bytes) -> Notice:
    """What this mail says. Only a delivery status that says "failed" counts as undelivered.

    Answers of people and of machines ("I am away") and delays are told apart and change nothing.
    """
    if len(message) > LARGEST_BYTES:
        return Notice("unclear")
    found = email.message_from_bytes(message, EmailMessage, policy=email.policy.SMTP)
    sent = _sent(found)
    if found.get_content_type() != "multipart/report":
        return Notice("automatic" if _is_automatic(found) else "unclear", sent)
    actions = set(_actions(found))
    if "failed" in actions:
        return Notice("failed", sent)
    if "delayed" in actions:
        return Notice("delayed", sent)
    return Notice("delivered" if actions else "unclear", sent)


def _is_automatic(message: EmailMessage) -> bool:
    word = str(message.get("Auto-Submitted", "")).split(";")[0].strip().lower()
    return word.startswith("auto-") or any(name in message for name in ("X-Autoreply", "X-Autorespond"))


def _actions(message: EmailMessage) -> Iterator[str]:
    for part in message.walk():
        if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}:
            for block in part.get_payload():
                if not isinstance(block, str) and block.get("Action"):
                    yield str(block["Action"]).split("(")[0].strip().lower()


def _sent(message: EmailMessage) -> sending.Sent | None:
    for name in _ADDRESSED:
        for value in message.get_all(name, []):
            sent = sending.sent_in(f"{value}")
            if sent:
                return sent
    for part in message.walk():
        if part.get_content_type() in _RETURNED_PARTS:
            sent = sending.sent_in(_top(part))
            if sent:
                return sent
    return None


def _top(part: EmailMessage) -> str:
    """The headers of the mail that came back: a part of text, or a message inside."""
    inside = part.get_payload()
    if isinstance(inside, list):
        return "\n".join(
            f"{name}: {value}" for one in inside[:1] if not isinstance(one, str) for name, value in one.raw_items()
        )
    return str(inside)[:20_000]
