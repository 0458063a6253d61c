"""Scanned paper: the pages of a PDF, PNG, TIFF or JPEG and the texts of the QR codes on each."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pypdfium2
import zxingcpp
from PIL import Image, ImageSequence

from healthspace.common.errors import HealthspaceError

KINDS: Final = frozenset({".pdf", ".png", ".tif", ".tiff", ".jpg", ".jpeg"})
MOST_PAGES: Final = 2_000
MOST_PIXELS: Final = 100_000_000
_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
# Points are 1/72 inch: 200 dots an inch, and 300 for a second look at a page where nothing was found.
_SCALES: Final = (200 / 72, 300 / 72)
# What the readers of pictures raise on damaged or hostile files: one scan never holds the others back.
_ODD: Final = (
    pypdfium2.PdfiumError, OSError, EOFError, MemoryError, ArithmeticError, AttributeError, LookupError, RuntimeError,
    SyntaxError, TypeError, ValueError, struct.error, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


class Unreadable(HealthspaceError):
    """A file that is no picture of paper, is cut in the middle, or is too large."""

    code = "unreadable"


def is_drawn(path: Path) -> bool:
    """True for a PDF with a page that was drawn and never scanned: no picture covers half of it."""
    if path.suffix.lower() != ".pdf":
        return False
    try:
        with pypdfium2.PdfDocument(path) as document:
            return any(not _has_picture(document[number]) for number in range(min(len(document), MOST_PAGES)))
    except _ODD as error:
        raise Unreadable("scan") from error


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    width, height = page.get_size()
    covered = [one.get_bounds() for one in page.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,))]
    return any((right - left) * (top - bottom) * 2 >= width * height for left, bottom, right, top in covered)


def pages(path: Path) -> Iterator[tuple[str, ...]]:
    """For each page, the texts of its QR codes, top first; one page in memory at a time. `Unreadable`."""
    try:
        yield from _pdf(path) if path.suffix.lower() == ".pdf" else _pictures(path)
    except _ODD as error:
        raise Unreadable("scan") from error


def _pdf(path: Path) -> Iterator[tuple[str, ...]]:
    with pypdfium2.PdfDocument(path) as document:
        if len(document) > MOST_PAGES:
            raise Unreadable("pages")
        for number in range(len(document)):
            page = document[number]
            yield _first_found(page)
            page.close()


def _first_found(page: pypdfium2.PdfPage) -> tuple[str, ...]:
    width, height = page.get_size()
    found: tuple[str, ...] = ()
    for scale in _SCALES:
        if found or width * height * scale * scale > MOST_PIXELS:
            break
        found = _texts(page.render(scale=scale, grayscale=True).to_pil())
    return found


def _pictures(path: Path) -> Iterator[tuple[str, ...]]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(path) as picture:
            for number, frame in enumerate(ImageSequence.Iterator(picture)):
                if number >= MOST_PAGES or frame.width * frame.height > MOST_PIXELS:
                    raise Unreadable("size")
                yield _texts(frame.convert("L"))


def _texts(picture: Image.Image) -> tuple[str, ...]:
    """Upside down, sideways or inverted: the reader looks all ways."""
    found = zxingcpp.read_barcodes(picture, formats=_QR)
    found += zxingcpp.read_barcodes(_turned(picture), formats=_QR) if not found else []
    return tuple(dict.fromkeys(one.text for one in sorted(found, key=lambda one: one.position.top_left.y)))


def _turned(picture: Image.Image) -> Image.Image:
    """A page laid askew on the glass."""
    return picture.rotate(7, expand=True, fillcolor=255)
