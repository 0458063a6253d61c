"""QR codes by the hundred thousand: texts of one length behind one beginning.

With version, level, mask and mode fixed, every module of a QR code is a sum over two elements of the bits
of its text (ISO/IEC 18004: the code words, their Reed-Solomon words and the mask are all linear). So one
symbol is made by a library for each bit, and every further text is a few exclusive-ors of whole pictures:
about a microsecond instead of milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import segno

LEVEL: Final = "m"
QUIET: Final = 4
_ASCII_BITS: Final = 7
_ZERO: Final = ord("0")


@dataclass(frozen=True, slots=True)
class Squares:
    """Draws every text of `length` ASCII signs behind `prefix` as a picture of `size` x `size` modules."""

    prefix: str
    length: int
    size: int
    _base: int
    _changes: tuple[dict[str, int], ...]

    @property
    def row_bytes(self) -> int:
        """Bytes of one row of the picture; rows are filled up to whole bytes."""
        return (self.size + 7) // 8

    def bits(self, text: str) -> bytes:
        """One bit a module, 1 is dark, row by row; `ValueError` when the text has another length."""
        picture = self._base
        for change, sign in zip(self._changes, text, strict=True):
            picture ^= change[sign]
        return picture.to_bytes(self.size * self.row_bytes, "big")


@lru_cache(maxsize=8)
def squares(prefix: str, length: int) -> Squares:
    """What draws the codes of this beginning and length; takes about half a second the first time."""
    first = segno.make(_bytes(prefix, "0" * length), error=LEVEL, mode="byte", boost_error=False, micro=False)
    version, mask = int(first.version), int(first.mask)
    base = _picture(_bytes(prefix, "0" * length), version, mask)
    changes = []
    for place in range(length):
        bits = [base ^ _picture(_flipped(prefix, length, place, bit), version, mask) for bit in range(_ASCII_BITS)]
        changes.append({chr(sign): _sum(bits, sign ^ _ZERO) for sign in range(1 << _ASCII_BITS)})
    return Squares(prefix, length, int(first.symbol_size(border=0)[0]), base, tuple(changes))


def _bytes(prefix: str, text: str) -> bytes:
    return (prefix + text).encode("ascii")


def _flipped(prefix: str, length: int, place: int, bit: int) -> bytes:
    flipped = bytearray(_bytes(prefix, "0" * length))
    flipped[len(prefix) + place] ^= 1 << bit
    return bytes(flipped)


def _picture(content: bytes, version: int, mask: int) -> int:
    code = segno.make(content, version=version, error=LEVEL, mask=mask, mode="byte", boost_error=False, micro=False)
    picture = 0
    for row in code.matrix:
        filled = row + bytes(-len(row) % 8)
        for module in filled:
            picture = picture << 1 | module
    return picture


def _sum(pictures: list[int], chosen: int) -> int:
    total = 0
    for bit, picture in enumerate(pictures):
        if chosen >> bit & 1:
            total ^= picture
    return total
