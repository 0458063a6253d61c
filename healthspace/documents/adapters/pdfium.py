"""The few calls of PDFium we need: text of a page, picture of a page. Runs inside the parser process only.

Bound by hand: the generated binding of the whole library costs 6 MB in every parser process and a quarter of
every fork, for 16 calls.
"""

from __future__ import annotations

import ctypes
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_char_p, c_float, c_int, c_size_t, c_ulong, c_void_p
from pathlib import Path

from PIL import Image

from healthspace.documents.adapters.fault import Fault

PASSWORD_ERROR = 4
WHITE = 0xFFFFFFFF
BGRX, DRAW_ANNOTATIONS = 3, 0x01

CALLS: dict[str, tuple[list[type], type | None]] = {
    "FPDF_InitLibrary": ([], None),
    "FPDF_LoadMemDocument64": ([c_char_p, c_size_t, c_char_p], c_void_p),
    "FPDF_GetLastError": ([], c_ulong),
    "FPDF_GetPageCount": ([c_void_p], c_int),
    "FPDF_LoadPage": ([c_void_p, c_int], c_void_p),
    "FPDF_GetPageWidthF": ([c_void_p], c_float),
    "FPDF_GetPageHeightF": ([c_void_p], c_float),
    "FPDFBitmap_CreateEx": ([c_int, c_int, c_int, c_void_p, c_int], c_void_p),
    "FPDFBitmap_FillRect": ([c_void_p, c_int, c_int, c_int, c_int, c_ulong], c_int),
    "FPDF_RenderPageBitmap": ([c_void_p, c_void_p, c_int, c_int, c_int, c_int, c_int, c_int], None),
    "FPDFText_LoadPage": ([c_void_p], c_void_p),
    "FPDFText_CountChars": ([c_void_p], c_int),
    "FPDFText_GetText": ([c_void_p, c_int, c_int, c_void_p], c_int),
    "FPDFText_ClosePage": ([c_void_p], None),
    "FPDF_ClosePage": ([c_void_p], None),
    "FPDF_CloseDocument": ([c_void_p], None),
}


def _library() -> ctypes.CDLL:
    spec = importlib.util.find_spec("pypdfium2_raw")
    if spec is None or spec.origin is None:
        raise ImportError("pypdfium2")
    library = ctypes.CDLL(str(Path(spec.origin).with_name("libpdfium.so")))
    for name, (arguments, result) in CALLS.items():
        call = getattr(library, name)
        call.argtypes, call.restype = arguments, result
    library.FPDF_InitLibrary()
    return library


_pdfium = _library()


@contextmanager
def document(content: bytes) -> Iterator[int]:
    """An open document; a Fault when it cannot be read without a password or at all."""
    handle = _pdfium.FPDF_LoadMemDocument64(content, len(content), None)
    if not handle:
        raise Fault("DOC-ENCRYPTED" if _pdfium.FPDF_GetLastError() == PASSWORD_ERROR else "DOC-STRUCTURE")
    try:
        yield handle
    finally:
        _pdfium.FPDF_CloseDocument(handle)


def page_count(handle: int) -> int:
    return int(_pdfium.FPDF_GetPageCount(handle))


@contextmanager
def _page(handle: int, number: int) -> Iterator[int]:
    if not 1 <= number <= page_count(handle):
        raise Fault("DOC-NO-SUCH-PAGE")
    page = _pdfium.FPDF_LoadPage(handle, number - 1)
    if not page:
        raise Fault("DOC-STRUCTURE")
    try:
        yield page
    finally:
        _pdfium.FPDF_ClosePage(page)


def picture(handle: int, number: int, width: int) -> Image.Image:
    """Page `number` (from 1) on white, `width` pixels wide, at most four times as tall."""
    with _page(handle, number) as page:
        across, down = _pdfium.FPDF_GetPageWidthF(page), _pdfium.FPDF_GetPageHeightF(page)
        if across <= 0 or down <= 0:
            raise Fault("DOC-STRUCTURE")
        height = max(1, min(4 * width, round(width * down / across)))
        pixels = ctypes.create_string_buffer(width * height * 4)
        bitmap = _pdfium.FPDFBitmap_CreateEx(width, height, BGRX, pixels, width * 4)
        _pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, WHITE)
        _pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, DRAW_ANNOTATIONS)
        return Image.frombuffer("RGB", (width, height), pixels.raw, "raw", "BGRX", width * 4, 1)


def text(handle: int, number: int) -> str:
    """The words of page `number` in the order of the file."""
    with _page(handle, number) as page:
        words = _pdfium.FPDFText_LoadPage(page)
        if not words:
            return ""
        try:
            count = _pdfium.FPDFText_CountChars(words)
            if count <= 0:
                return ""
            buffer = ctypes.create_string_buffer(2 * (count + 1))
            written = _pdfium.FPDFText_GetText(words, 0, count, buffer)
            return buffer.raw[: 2 * max(0, written - 1)].decode("utf-16-le", "replace")
        finally:
            _pdfium.FPDFText_ClosePage(words)
