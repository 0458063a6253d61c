"""Looks for planted words in raw bytes, in every coat they might wear."""

from __future__ import annotations

import base64
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

MOST_UNPACKED = 4_000_000
GZIP, ZLIB = b"\x1f\x8b\x08", (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


def coats(word: str) -> frozenset[bytes]:
    """Every form of a word: cases; utf-8 and utf-16; hex, base64 at each offset, per cent."""
    out: set[bytes] = set()
    for shape in {word, word.upper(), word.lower(), word.capitalize()}:
        for coding in ("utf-8", "utf-16-le", "utf-16-be"):
            raw = shape.encode(coding)
            out |= {raw, raw.hex().encode(), raw.hex().upper().encode()}
            out |= {"".join(f"%{byte:02x}" for byte in raw).encode(), "".join(f"%{byte:02X}" for byte in raw).encode()}
            out |= {inner for offset in range(3) for inner in _in_base64(raw, offset)}
    return frozenset(out)


def _in_base64(raw: bytes, offset: int) -> Iterator[bytes]:
    """What is sure to stand in the base64 of a text that has this word at that offset."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        coded = encode(b"\0" * offset + raw)
        start = -(-offset * 8 // 6)
        yield coded[start : (offset + len(raw)) * 8 // 6]


def found(content: bytes, needles: Iterable[bytes], *, is_deep: bool = True) -> set[bytes]:
    """Which forms are in these bytes, or in what is packed within them."""
    hits = {needle for needle in needles if needle in content}
    if is_deep:
        for inner in _unpacked(content):
            hits |= found(inner, needles, is_deep=False)
    return hits


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Whatever gzip or zlib stream begins anywhere, and the streams of a PDF in its ASCII coat."""
    for stream in re.findall(rb"stream\r?\n([!-z\s]{10,%d}?)~>" % MOST_UNPACKED, content):
        yield from _unpacked(base64.a85decode(stream))
    for magic in (GZIP, *ZLIB):
        place = content.find(magic)
        while place >= 0:
            try:
                inner = zlib.decompressobj(47).decompress(content[place : place + MOST_UNPACKED], MOST_UNPACKED)
            except zlib.error:
                inner = b""
            if len(inner) > 4:
                yield inner
            place = content.find(magic, place + 1)


def files(folder: Path, since: float) -> Iterator[Path]:
    """Files below a folder that were written after an instant."""
    for path in sorted(folder.rglob("*")):
        try:
            if path.is_file() and not path.is_symlink() and path.stat().st_mtime >= since:
                yield path
        except FileNotFoundError:
            continue


def packed(text: bytes) -> bytes:
    """A text in gzip, for the scan's own control."""
    return gzip.compress(text)
