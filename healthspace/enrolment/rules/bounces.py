"""What a mail in the box of returns says: not delivered for good, or anything else (RFC 3464, RFC 3834).

Anybody can write to that box. So only its head and the first level of a report are looked at, line by line,
each part of it up to a fixed length: no mail takes long, and none raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from healthspace.enrolment.rules import sending

Kind = Literal["failed", "delayed", "delivered", "automatic", "unclear"]
LARGEST_BYTES: Final = 1_000_000
LONGEST_HEAD: Final = 65_536
LONGEST_FIELD: Final = 4_000
MOST_PARTS: Final = 20
# In the order of trust: where the returned mail was addressed to, as the receiving server wrote it.
_ADDRESSED: Final = ("delivered-to", "x-original-to", "envelope-to", "to")
_RETURNED_PARTS: Final = frozenset(
    {"text/rfc822-headers", "message/rfc822", "message/global", "message/global-headers"}
)
_STATUS_PARTS: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_BOUNDARY: Final = re.compile(r'boundary\s{0,8}=\s{0,8}(?:"([^"\n]{1,200})"|([^\s";]{1,200}))', re.IGNORECASE)
_ACTION: Final = re.compile(r"^action[ \t]{0,8}:[ \t]{0,8}([a-z]{1,20})", re.IGNORECASE | re.MULTILINE)
Head = Mapping[str, tuple[str, ...]]


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
    head, body = _split(message.replace(b"\r\n", b"\n").decode("utf-8", "replace"))
    is_report = _type(head) == "multipart/report"
    parts = [_split(part) for part in _parts(head, body)] if is_report else []
    sent = _sent(head, parts)
    if not is_report:
        return Notice("automatic" if _is_automatic(head) else "unclear", sent)
    actions = {word for part, text in parts if _type(part) in _STATUS_PARTS for word in _actions(text)}
    if "failed" in actions:
        return Notice("failed", sent)
    if "delayed" in actions:
        return Notice("delayed", sent)
    return Notice("delivered" if actions else "unclear", sent)


def _split(text: str) -> tuple[Head, str]:
    """The fields of a head by their small names, folded lines joined, none longer than we look at; the rest."""
    if text.startswith("\n"):
        return {}, text[1:]
    top, _, body = text.partition("\n\n")
    found: dict[str, list[str]] = {}
    for line in re.sub(r"\n[ \t]", " ", top[:LONGEST_HEAD]).split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower()[:80], []).append(value[:LONGEST_FIELD].strip())
    return {name: tuple(values) for name, values in found.items()}, body


def _first(head: Head, name: str) -> str:
    return head.get(name, ("",))[0]


def _type(head: Head) -> str:
    return _first(head, "content-type").split(";")[0].strip().lower()


def _parts(head: Head, body: str) -> list[str]:
    """The parts of the first level; () without a boundary."""
    found = _BOUNDARY.search(_first(head, "content-type"))
    if found is None:
        return []
    parts = f"\n{body}".split(f"\n--{found[1] or found[2]}", MOST_PARTS + 1)[1 : MOST_PARTS + 1]
    return [part.partition("\n")[2] for part in parts if not part.startswith("--")]


def _is_automatic(head: Head) -> bool:
    word = _first(head, "auto-submitted").split(";")[0].strip().lower()
    return word.startswith("auto-") or "x-autoreply" in head or "x-autorespond" in head


def _actions(status: str) -> Iterator[str]:
    for found in _ACTION.finditer(status[:LONGEST_HEAD]):
        yield found[1].lower()


def _sent(head: Head, parts: list[tuple[Head, str]]) -> sending.Sent | None:
    for name in _ADDRESSED:
        for value in head.get(name, ()):
            if sent := sending.sent_in(value):
                return sent
    for part, text in parts:
        if _type(part) in _RETURNED_PARTS and (sent := sending.sent_in(_top(text))):
            return sent
    return None


def _top(text: str) -> str:
    """The head of the mail that came back."""
    return text.lstrip("\n").partition("\n\n")[0][:LONGEST_HEAD]
