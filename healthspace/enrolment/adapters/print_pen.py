"""Draws on a page in millimetres from its top left corner: words, rules, boxes, pictures, QR codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from healthspace.enrolment.adapters.print_face import Face, bold, regular
from healthspace.enrolment.adapters.print_file import HEIGHT
from healthspace.enrolment.adapters.qr import QUIET, Squares

MM: Final = 72 / 25.4
LEADING: Final = 1.32
# Process colours, so that a press needs no conversion: black, a dark green-blue, its light tint, grey.
INK: Final = "0 0 0 1 k"
DEEP: Final = "1 .45 .45 .35 k"
TINT: Final = ".08 .02 .03 0 k"
SOFT: Final = "0 0 0 .62 k"


@dataclass(frozen=True, slots=True)
class Style:
    """Size in points, line to line in millimetres, colour, and whether all is bold."""

    size: float
    colour: str = INK
    is_bold: bool = False
    leading: float = LEADING

    @property
    def step(self) -> float:
        """From one line to the next, in millimetres."""
        return self.size * self.leading / MM


class Pen:
    """Collects the drawing of one page or form."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.tags: list[str] = []

    def drawing(self) -> bytes:
        """Everything drawn so far, as a content stream."""
        return "\n".join(self._parts).encode("ascii")

    def use(self, form: str) -> None:
        """Put a kept drawing under what follows."""
        self._parts.append(f"/{form} Do")

    @contextmanager
    def tag(self, kind: str) -> Iterator[None]:
        """What is drawn inside is read aloud as this: "H1", "P"."""
        self._parts.append(f"/{kind} <</MCID {len(self.tags)}>> BDC")
        self.tags.append(kind)
        yield
        self._parts.append("EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn inside is not read aloud."""
        self._parts.append("/Artifact BMC")
        yield
        self._parts.append("EMC")

    def words(self, x: float, y: float, text: str, style: Style, *, spaced: float = 0.0) -> None:
        """One line, its baseline at `y`; `spaced`: millimetres between signs."""
        face = _face(style.is_bold)
        self._parts.append(
            f"BT {style.colour} /{'B' if style.is_bold else 'R'} {style.size:g} Tf"
            f"{f' {spaced * MM:.2f} Tc' if spaced else ''} {x * MM:.2f} {HEIGHT - y * MM:.2f} Td <{face.hex(text)}> Tj"
            f"{' 0 Tc' if spaced else ''} ET"
        )

    def right(self, x: float, y: float, text: str, style: Style) -> None:
        """One line that ends at `x`."""
        self.words(x - wide(text, style), y, text, style)

    def fitted(self, x: float, y: float, text: str, style: Style, width: float, *, least: float = 0.6) -> None:
        """One line, made smaller down to that share when it is too wide, then cut."""
        size, smallest = style.size, style.size * least
        while wide(text, _sized(style, size)) > width and size > smallest:
            size -= 0.5
        while wide(text, _sized(style, size)) > width and len(text) > 1:
            text = text[:-2] + "…"
        self.words(x, y, text, _sized(style, size))

    def paragraph(self, x: float, y: float, text: str, style: Style, width: float) -> float:
        """Words between stars are bold; the baseline of the line after the last one."""
        for line in lines(text, style, width):
            self._line(x, y, line, style)
            y += style.step
        return y

    def rule(self, x: float, y: float, width: float, *, colour: str = INK, weight: float = 0.3, dash: str = "") -> None:
        """A horizontal line; `weight` in millimetres; `dash` as PDF wants it, in points."""
        self._parts.append(
            f"q {colour.replace('k', 'K')} {weight * MM:.2f} w {f'[{dash}] 0 d ' if dash else ''}"
            f"{x * MM:.2f} {HEIGHT - y * MM:.2f} m {(x + width) * MM:.2f} {HEIGHT - y * MM:.2f} l S Q"
        )

    def box(self, x: float, y: float, width: float, height: float, *, fill: str = "", edge: str = "",
            weight: float = 0.4) -> None:  # fmt: skip
        """A rectangle from its top left corner."""
        act = "B" if fill and edge else "f" if fill else "S"
        self._parts.append(
            f"q {fill} {edge.replace('k', 'K')} {weight * MM:.2f} w {x * MM:.2f} {HEIGHT - (y + height) * MM:.2f}"
            f" {width * MM:.2f} {height * MM:.2f} re {act} Q"
        )

    def picture(self, x: float, y: float, side: float, path: str, *, colour: str = DEEP) -> None:
        """A drawing of strokes in a square of 24 units, its top left corner at `x`, `y`."""
        scale = side * MM / 24
        self._parts.append(
            f"q {colour.replace('k', 'K')} 1.9 w 1 J 1 j {scale:.4f} 0 0 {-scale:.4f} {x * MM:.2f}"
            f" {HEIGHT - y * MM:.2f} cm {path} S Q"
        )

    def square(self, x: float, y: float, side: float, squares: Squares, text: str) -> None:
        """A QR code with its quiet zone, `side` millimetres in all; an image mask in hexadecimal."""
        unit = side / (squares.size + 2 * QUIET)
        width = squares.row_bytes * 8
        left, bottom = (x + QUIET * unit) * MM, HEIGHT - (y + (QUIET + squares.size) * unit) * MM
        self._parts.append(
            f"q 0 0 0 1 k {width * unit * MM:.3f} 0 0 {squares.size * unit * MM:.3f} {left:.2f} {bottom:.2f} cm"
            f" BI /W {width} /H {squares.size} /BPC 1 /IM true /D [1 0] /F /AHx ID {squares.bits(text).hex()}> EI Q"
        )

    def _line(self, x: float, y: float, line: list[tuple[str, bool]], style: Style) -> None:
        runs = " ".join(
            f"/{'B' if is_bold else 'R'} {style.size:g} Tf <{_face(is_bold).hex(text)}> Tj" for text, is_bold in line
        )
        self._parts.append(f"BT {style.colour} {x * MM:.2f} {HEIGHT - y * MM:.2f} Td {runs} ET")


def wide(text: str, style: Style) -> float:
    """How wide a line is, in millimetres."""
    return _face(style.is_bold).width(text, style.size) / MM


def lines(text: str, style: Style, width: float) -> list[list[tuple[str, bool]]]:
    """The text broken into lines of at most `width` millimetres: runs of words and whether they are bold."""
    if "\n" in text:
        return [line for part in text.split("\n") for line in lines(part, style, width)]
    broken: list[list[tuple[str, bool]]] = []
    line: list[tuple[str, bool]] = []
    used = 0.0
    is_bold = style.is_bold
    for word in text.split(" "):
        runs = []
        for turn, part in enumerate(word.split("*")):
            is_bold = is_bold != bool(turn) if not style.is_bold else True
            if part:
                runs.append((part, is_bold))
        size = sum(_face(heavy).width(part, style.size) for part, heavy in runs) / MM
        space = _face(runs[0][1] if runs else is_bold).width(" ", style.size) / MM if line else 0.0
        if line and used + space + size > width:
            broken.append(line)
            line, used, space = [], 0.0, 0.0
        if line and runs:
            line.append((" ", line[-1][1]))
        line.extend(runs)
        used += space + size
    return [*broken, line] if line else broken


def _face(is_bold: bool) -> Face:  # noqa: FBT001
    return bold() if is_bold else regular()


def _sized(style: Style, size: float) -> Style:
    return Style(size, style.colour, style.is_bold, style.leading)
