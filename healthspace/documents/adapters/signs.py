"""What the outside of a file says: first bytes, last bytes, nothing before, nothing after (T49). Plain byte rules."""

from __future__ import annotations

import re

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
    if kind not in ("cda", "text") and PAGE.search(content[:256]):
        raise Fault("DOC-POLYGLOT")
    if sniffed(content) != kind:
        raise Fault("DOC-TYPE-MISMATCH")
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
    """Walks the markers to the end of image: exactly there the file ends."""
    at = 2
    while True:
        found = JPEG_MARKER.search(content, at)
        if found is None:
            raise Fault("DOC-TRUNCATED")
        marker = content[found.end() - 1]
        if marker == 0xD9:
            break
        at = found.end()
        if marker not in (0x01, 0xD8):
            at += int.from_bytes(content[at : at + 2], "big")
    if found.end() != len(content):
        raise Fault("DOC-POLYGLOT")


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


EDGES = {"pdf": _pdf, "jpeg": _jpeg, "png": _png}
