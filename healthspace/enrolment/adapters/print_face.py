"""The letters' typeface, embedded whole: which glyph a sign has and how wide it is.

Atkinson Hyperlegible Next (SIL OFL 1.1), made for people who see badly.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from reportlab.pdfbase.ttfonts import TTFontFile

FONTS: Final = Path(__file__).parents[1] / "data" / "fonts"
_AS: Final = str.maketrans({"\u2019": "'", "\u2018": "'", "\u2011": "-", "\u202f": "\u00a0", "\u00ad": ""})


@dataclass(frozen=True, slots=True)
class Face:
    """One weight: glyph numbers as hexadecimal text, widths in thousandths of the size."""

    name: str
    program: bytes
    glyphs: dict[str, str]
    widths: dict[str, float]
    ascent: float
    descent: float
    box: tuple[float, float, float, float]

    def hex(self, text: str) -> str:
        """The text as a PDF string of glyph numbers; `KeyError` names a sign the face lacks."""
        return "".join([self.glyphs[sign] for sign in text])

    def width(self, text: str, size: float) -> float:
        """How wide the text is, in the unit of `size`."""
        return sum([self.widths[sign] for sign in text]) * size / 1000

    def has(self, text: str) -> bool:
        """True if every sign can be printed."""
        return self.glyphs.keys() >= set(text)

    def printable(self, text: str) -> str:
        """The text in signs the face has: an accent too rare goes, a sign of another script becomes "?"."""
        signs = []
        for sign in unicodedata.normalize("NFC", text):
            plain = sign if sign in self.glyphs else sign.translate(_AS)
            if not self.has(plain):
                plain = "".join(part for part in unicodedata.normalize("NFKD", sign) if part in self.glyphs)
            signs.append(plain or ("" if unicodedata.category(sign) in {"Mn", "Cf", "Cc"} else "?"))
        return "".join(signs)

    def character_map(self) -> bytes:
        """Glyphs back to signs (ToUnicode), so that the text of a page can be read and copied."""
        rows = sorted({glyph: sign for sign, glyph in reversed(self.glyphs.items())}.items())
        blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
        lines = ["/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
                 "/CMapName /Letters def /CMapType 2 def",
                 "1 begincodespacerange <0000> <FFFF> endcodespacerange"]  # fmt: skip
        for block in blocks:
            pairs = " ".join(f"<{glyph}> <{sign.encode('utf-16-be').hex()}>" for glyph, sign in block)
            lines.append(f"{len(block)} beginbfchar {pairs} endbfchar")
        return "\n".join([*lines, "endcmap end end"]).encode()


@lru_cache(maxsize=4)
def face(weight: int) -> Face:
    """The face of this weight: 400 or 700."""
    path = FONTS / f"ahn-{weight}.ttf"
    read = TTFontFile(str(path))
    glyphs = {chr(code): f"{glyph:04x}" for code, glyph in sorted(read.charToGlyph.items())}
    widths = {chr(code): float(read.charWidths[code]) for code in read.charToGlyph}
    left, bottom, right, top = (float(value) for value in read.bbox)
    name = {400: "AtkinsonHyperlegibleNext-Regular", 700: "AtkinsonHyperlegibleNext-Bold"}[weight]
    return Face(name, path.read_bytes(), glyphs, widths, float(read.ascent), float(read.descent),
                (left, bottom, right, top))  # fmt: skip


def regular() -> Face:
    """The face of running text."""
    return face(400)


def bold() -> Face:
    """The face of titles, dates and codes."""
    return face(700)
