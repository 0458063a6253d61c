"""Reads, cleans and pictures PDF. Runs inside the parser process only."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator

import pikepdf

from healthspace.documents.adapters import pdfium
from healthspace.documents.adapters.fault import Fault

BOMB_BYTES = 256 * 1024 * 1024
SMALL_STREAM = 128 * 1024  # deflate grows 1,032 times at most: a shorter stream stays under the limit above
DEPTH = 60

STREAM = re.compile(rb"stream\r?\n")
TWICE_DEFLATED = re.compile(rb"/Fl(?:ateDecode)?\s*/Fl(?:ateDecode)?\b")

# fmt: off
ACTIONS = frozenset({
    "/JavaScript", "/Launch", "/URI", "/GoToR", "/GoToE", "/SubmitForm", "/ResetForm", "/ImportData", "/Sound",
    "/Movie", "/Rendition", "/RichMediaExecute", "/GoTo3DView", "/Named", "/Thread", "/Hide", "/GoToDp",
})
# fmt: on
KEYS = ("/AA", "/OpenAction", "/JS", "/XFA", "/EF", "/RF", "/AF", "/Metadata", "/PieceInfo", "/RichMediaContent")
CATALOG_KEYS = ("/Collection", "/URI", "/Threads", "/Perms", "/DSS", "/SpiderInfo", "/Legal", "/Requirements")
NAME_TREES = ("/JavaScript", "/EmbeddedFiles", "/AlternatePresentations", "/Renditions", "/URLS", "/IDS")
ANNOTATIONS = frozenset(["/RichMedia", "/Movie", "/Sound", "/3D", "/Screen", "/FileAttachment", "/Projection"])


def check(content: bytes, max_pages: int) -> tuple[int, list[str]]:
    """Pages and small faults; a Fault when it is locked, broken, endless or a bomb."""
    _refuse_bombs(content)
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            pages = len(pdf.pages)
            if not 1 <= pages <= max_pages:
                raise Fault("DOC-PAGES")
            return pages, ["DOC-REPAIRED"] if pdf.get_warnings() else []
    except pikepdf.PasswordError:
        raise Fault("DOC-ENCRYPTED") from None
    except (pikepdf.PdfError, RuntimeError, ValueError):
        raise Fault("DOC-STRUCTURE") from None


def scrub(content: bytes) -> bytes:
    """A copy that only shows: no script, no action but going to a page, nothing embedded, no metadata."""
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            _scrub_catalog(pdf.Root)
            for page in pdf.pages:
                _scrub_annotations(page.obj)
            for item in pdf.objects:
                _scrub_object(item, 0)
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            out = io.BytesIO()
            pdf.save(out, fix_metadata_version=False, deterministic_id=True, encryption=False)
            return out.getvalue()
    except pikepdf.PasswordError:
        raise Fault("DOC-ENCRYPTED") from None
    except (pikepdf.PdfError, RuntimeError, ValueError):
        raise Fault("DOC-STRUCTURE") from None


def page_count(content: bytes) -> int:
    with pdfium.document(content) as handle:
        return pdfium.page_count(handle)


def sample() -> bytes:
    """One page, locked with an empty password, to warm the libraries with: reading it opens the random source."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 300))
        pdf.pages[0].obj["/Resources"] = pikepdf.Dictionary()
        pdf.pages[0].Contents = pdf.make_stream(b"BT /F1 12 Tf 10 10 Td (a) Tj ET")
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        pdf.pages[0].obj["/Resources"]["/Font"] = pikepdf.Dictionary(F1=font)
        out = io.BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(user="", owner="a"))
        return out.getvalue()


def texts(content: bytes, max_pages: int) -> list[str]:
    """The words of each page, "" where there are only pictures."""
    with pdfium.document(content) as handle:
        return [pdfium.text(handle, number) for number in range(1, min(max_pages, pdfium.page_count(handle)) + 1)]


def _refuse_bombs(content: bytes) -> None:
    """Streams long enough to grow past the limit are measured, without keeping what comes out."""
    if TWICE_DEFLATED.search(content):
        raise Fault("DOC-BOMB")
    total = 0
    for start, end in _long_streams(content):
        total += _inflated(content[start:end], BOMB_BYTES - total)
        if total >= BOMB_BYTES:
            raise Fault("DOC-BOMB")


def _long_streams(content: bytes) -> Iterator[tuple[int, int]]:
    for found in STREAM.finditer(content):
        start = found.end()
        end = content.find(b"endstream", start)
        if end - start > SMALL_STREAM:
            yield start, end


def _inflated(raw: bytes, limit: int) -> int:
    """How many bytes come out, at most `limit`; 0 when it is not deflate."""
    reader = zlib.decompressobj()
    size = 0
    try:
        while raw and size < limit:
            size += len(reader.decompress(raw, 1 << 20))
            raw = reader.unconsumed_tail
    except zlib.error:
        return size
    return size


def _scrub_catalog(root: pikepdf.Object) -> None:
    for key in CATALOG_KEYS:
        if key in root:
            del root[key]
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        for key in NAME_TREES:
            if key in names:
                del names[key]


def _scrub_annotations(page: pikepdf.Object) -> None:
    annotations = page.get("/Annots")
    if not isinstance(annotations, pikepdf.Array):
        return
    kept = [one for one in annotations.as_list() if not _is_active(one)]
    page["/Annots"] = pikepdf.Array(kept)


def _is_active(annotation: pikepdf.Object) -> bool:
    if not isinstance(annotation, pikepdf.Dictionary):
        return True
    return str(annotation.get("/Subtype", "")) in ANNOTATIONS


def _scrub_object(item: pikepdf.Object, depth: int) -> None:
    """This object and what is written inside it; what it refers to is walked on its own."""
    if depth > DEPTH:
        raise Fault("DOC-STRUCTURE")
    if isinstance(item, pikepdf.Array):
        parts: list[object] = list(item.as_list())
        for part in parts:
            if isinstance(part, pikepdf.Object) and not part.is_indirect:
                _scrub_object(part, depth + 1)
        return
    if not isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        return
    for key in KEYS:
        if key in item:
            del item[key]
    if isinstance(item, pikepdf.Dictionary) and str(item.get("/S", "")) in ACTIONS:
        for key in list(item.keys()):
            del item[key]
        return
    for key in list(item.keys()):
        inner = item.get(key)
        if isinstance(inner, pikepdf.Object) and not inner.is_indirect:
            _scrub_object(inner, depth + 1)
