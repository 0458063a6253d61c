"""What a ticket may hold."""

from __future__ import annotations

import re
from typing import Final

from healthspace.support.rules.figures import READ

_TICKETS: Final = READ["tickets"]
TOPICS: Final[tuple[str, ...]] = tuple(_TICKETS["topics"])
MOST_FILES: Final[int] = _TICKETS["files"]
LARGEST_BYTES: Final[int] = _TICKETS["file_bytes"]
LONGEST_TEXT: Final[int] = _TICKETS["text_characters"]
LONGEST_NAME: Final[int] = _TICKETS["name_characters"]
KEPT_DAYS: Final[int] = _TICKETS["kept_days"]
MOST_OPEN: Final[int] = _TICKETS["open_at_once"]
_SIGNS: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_NOT_IN_NAMES: Final = re.compile(r"[^\w .()-]+")


def media_type_of(content: bytes) -> str:
    """PDF, PNG, JPEG or plain text by what the bytes are, whatever they are called; "" for anything else."""
    for sign, media_type in _SIGNS:
        if content.startswith(sign):
            return media_type
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return ""
    is_plain = content.strip() and all(c.isprintable() or c in "\r\n\t" for c in text)
    return "text/plain" if is_plain else ""


def plain_name(name: str) -> str:
    """A file's name that can stand in any header or page: letters, digits, a few signs."""
    kept = _NOT_IN_NAMES.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(" .")
    return kept[-LONGEST_NAME:] or "file"
