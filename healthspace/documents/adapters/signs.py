"""What the outside of a file says: first bytes, last bytes, nothing before, nothing after (T49). Plain byte rules."""

from __future__ import annotations

import re
import struct

from healthspace.documents.adapters.fault import Fault

TYPES = {
    "application/pdf": "pdf",
    "image/jpeg": "jpeg",
    "image/jpg": "jpeg",
    "image/png": "png",
    "image/tiff": "tiff",
    "text/plain": "text",
    "application/rtf": "rtf",
    "text/rtf": "rtf",
    "text/xml": "cda",
    "application/xml": "cda",
    "application/hl7-cda+xml": "cda",
    "application/cda+xml": "cda",
}
MEDIA = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tiff": "image/tiff",
    "text": "text/plain",
    "rtf": "application/rtf",
    "cda": "application/xml",
}
FIRST = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"{\\rtf", "rtf"),
)
PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|svg|iframe|style|meta)\b", re.IGNORECASE)
XML = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|[A-Za-z_])")
JPEG_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
NOT_TEXT = bytes(set(range(32)) - {9, 10, 12, 13} | {127})
ZIP_END, ZIP_ENTRY, ZIP_TAIL = b"PK\x05\x06", b"PK\x01\x02", 65_557
TIFF_PLACES, TIFF_PAGES = frozenset([273, 279, 324, 325]), 5_000
PDF_SEARCH = 1024  # readers look for %PDF- this far


def kind_of(declared: str) -> str | None:
    """Our kind for a declared media type, None when it is not one we take."""
    return TYPES.get(declared.split(";", maxsplit=1)[0].strip().lower())


def sniffed(content: bytes) -> str | None:
    """The kind the first bytes name; text only when nothing speaks against it; None for anything else."""
    for sign, kind in FIRST:
        if content.startswith(sign):
            return kind
    if PAGE.search(content[:1024]):
        return None
    if XML.match(content):
        return "cda"
    return "text" if is_text(content) else None


def is_text(content: bytes) -> bool:
    """UTF-8, or one byte a character (Latin-1, Windows), without control characters."""
    return len(content.translate(None, NOT_TEXT)) == len(content)


def decoded_text(content: bytes) -> str:
    """The words of a plain text file."""
    for encoding in ("utf-8-sig", "cp1252", "latin-1"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def agree(content: bytes, kind: str) -> None:
    """Declared kind, first bytes and edges say the same; a Fault when not."""
    if not content:
        raise Fault("DOC-EMPTY")
    if sniffed(content) != kind:
        raise Fault("DOC-TYPE-MISMATCH")
    if kind not in ("cda", "text") and PAGE.search(content[:256]):
        raise Fault("DOC-POLYGLOT")
    tail = content[-ZIP_TAIL:]
    if ZIP_END in tail and ZIP_ENTRY in content:
        raise Fault("DOC-POLYGLOT")
    if kind != "pdf" and b"%PDF-" in content[:PDF_SEARCH]:
        raise Fault("DOC-POLYGLOT")
    check = EDGES.get(kind)
    if check is not None:
        check(content)


def _pdf(content: bytes) -> None:
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise Fault("DOC-TRUNCATED")
    if content[end + 5 :].strip(b" \t\r\n\f\0"):
        raise Fault("DOC-POLYGLOT" if PAGE.search(content[end:]) or len(content) - end > 16 else "DOC-TRUNCATED")


def _jpeg(content: bytes) -> None:
    if jpeg_end(content) != len(content):
        raise Fault("DOC-POLYGLOT")


def jpeg_end(content: bytes) -> int:
    """Walks the markers to the end of the first image: exactly there the file must end."""
    at = 2
    while True:
        found = JPEG_MARKER.search(content, at)
        if found is None:
            raise Fault("DOC-TRUNCATED")
        marker = content[found.end() - 1]
        if marker == 0xD9:
            return found.end()
        at = found.end()
        if marker not in (0x01, 0xD8):
            at += int.from_bytes(content[at : at + 2], "big")


def _png(content: bytes) -> None:
    """Walks the chunks to IEND: exactly there the file ends."""
    at = 8
    while at + 12 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        name = content[at + 4 : at + 8]
        at += 12 + size
        if name == b"IEND":
            if at != len(content):
                raise Fault("DOC-POLYGLOT")
            return
    raise Fault("DOC-TRUNCATED")


def _tiff(content: bytes) -> None:
    """Walks the directories: every value and every strip lies within the file (TIFF 6.0, section 2)."""
    order = "<" if content[:2] == b"II" else ">"
    (at,) = _numbers(content, order, "I", 4, 1)
    seen: set[int] = set()
    while at:
        if at in seen or len(seen) > TIFF_PAGES:
            raise Fault("DOC-STRUCTURE")
        seen.add(at)
        (entries,) = _numbers(content, order, "H", at, 1)
        held: dict[int, tuple[int, ...]] = {}
        for entry in range(at + 2, at + 2 + 12 * entries, 12):
            tag, form = _numbers(content, order, "H", entry, 2)
            (count,) = _numbers(content, order, "I", entry + 4, 1)
            held[tag] = _tiff_value(content, order, form, count, entry + 8) if tag in TIFF_PLACES else ()
        for places, sizes in ((273, 279), (324, 325)):
            for place, size in zip(held.get(places, ()), held.get(sizes, ()), strict=False):
                if place + size > len(content):
                    raise Fault("DOC-TRUNCATED")
        (at,) = _numbers(content, order, "I", at + 2 + 12 * entries, 1)


def _tiff_value(content: bytes, order: str, form: int, count: int, at: int) -> tuple[int, ...]:
    letter, size = {3: ("H", 2), 4: ("I", 4)}.get(form, ("", 0))
    if not letter or count > len(content):
        raise Fault("DOC-STRUCTURE")
    if size * count > 4:
        (at,) = _numbers(content, order, "I", at, 1)
    return _numbers(content, order, letter, at, count)


def _numbers(content: bytes, order: str, letter: str, at: int, count: int) -> tuple[int, ...]:
    try:
        return struct.unpack_from(f"{order}{count}{letter}", content, at)
    except struct.error:
        raise Fault("DOC-TRUNCATED") from None


EDGES = {"pdf": _pdf, "jpeg": _jpeg, "png": _png, "tiff": _tiff}
