"""What the parser process can be asked to do: one function a task, bytes in, bytes out. Parser process only.

Answers of several parts are one line of JSON, then bytes.
"""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from PIL import Image

from healthspace.documents.adapters import cda_header, cda_html, cda_xml, pdf, pdfium, picture, rtf, signs, structure
from healthspace.documents.adapters.fault import Fault

Params = Mapping[str, str | int]
Task = Callable[[bytes, Params], bytes]

__all__ = ["TASKS", "Fault", "warm_up"]

CODE_PAGES = [
    "utf-8-sig",
    "latin-1",
    "utf-16-le",
    "mac_roman",
    "cp437",
    "cp850",
    *(f"cp{number}" for number in range(1250, 1259)),
    "iso8859-15",
]


def _bounds(params: Params) -> dict[str, int]:
    return {"max_pages": int(params["max_pages"]), "max_pixels": int(params["max_pixels"])}


def _answer(head: Mapping[str, object], body: bytes = b"") -> bytes:
    return json.dumps(head).encode() + b"\n" + body


def check(content: bytes, params: Params) -> bytes:
    return _answer(structure.check(content, str(params["kind"]), _bounds(params)))


def header(content: bytes, params: Params) -> bytes:
    return _answer(cda_header.header(cda_xml.parse(content)))


def html(content: bytes, params: Params) -> bytes:
    bounds = _bounds(params)
    return cda_html.to_html(content, language=str(params["language"]), base=str(params["base"]), params=bounds).encode()


def embedded(content: bytes, params: Params) -> bytes:
    """The file inside a level 1 document, as sent."""
    kind, inside = _inside(content)
    return _answer({"kind": kind, "media_type": signs.MEDIA[kind]}, inside)


def media(content: bytes, params: Params) -> bytes:
    """A medium of a structured document, made safe."""
    kind, found = cda_html.media(content, int(params["number"]), _bounds(params))
    return _show_plain(found, kind, {**params, "page": 1})


def show(content: bytes, params: Params) -> bytes:
    """The safe copy of any file we take."""
    kind = str(params["kind"])
    if kind == "cda":
        if cda_xml.body(cda_xml.parse(content)) is None:
            return _answer({"form": "html", "media_type": "text/html", "pages": 1}, html(content, params))
        kind, content = _inside(content)
    return _show_plain(content, kind, params)


def _show_plain(content: bytes, kind: str, params: Params) -> bytes:
    if kind == "pdf":
        body = pdf.scrub(content)
        return _answer({"form": "pdf", "media_type": "application/pdf", "pages": pdf.page_count(content)}, body)
    if kind in picture.FORMATS:
        bounds = _bounds(params)
        pages = picture.page_count(content, kind, bounds["max_pixels"])
        body = picture.rewritten(
            content, kind, page=int(params["page"]), side=int(params["side"]), max_pixels=bounds["max_pixels"]
        )
        return _answer({"form": "image", "media_type": "image/webp", "pages": pages}, body)
    text = rtf.words(content) if kind == "rtf" else signs.decoded_text(content)
    return _answer({"form": "text", "media_type": "text/plain; charset=utf-8", "pages": 1}, text.encode())


def _inside(content: bytes) -> tuple[str, bytes]:
    body = cda_xml.body(cda_xml.parse(content))
    kind = signs.kind_of(body.get("mediaType") or "") if body is not None else None
    if body is None or kind is None or kind == "cda":
        raise Fault("DOC-EMBEDDED-TYPE")
    return kind, cda_xml.decoded(body)


def preview(content: bytes, params: Params) -> bytes:
    """One page as a small WebP."""
    kind, page, width = str(params["kind"]), int(params["page"]), int(params["width"])
    if kind == "cda":
        kind, content = _inside(content)
    if kind == "pdf":
        with pdfium.document(content) as handle:
            return picture.webp(pdfium.picture(handle, page, width), 4 * width)
    if kind not in picture.FORMATS:
        raise Fault("DOC-NO-PREVIEW")
    return picture.rewritten(content, kind, page=page, side=width, max_pixels=int(params["max_pixels"]))


def texts(content: bytes, params: Params) -> bytes:
    """The words of each page, as a JSON list."""
    kind = str(params["kind"])
    if kind == "cda":
        kind, content = _inside(content)
    if kind == "pdf":
        found = pdf.texts(content, int(params["max_pages"]))
    elif kind == "rtf":
        found = [rtf.words(content)]
    else:
        found = [signs.decoded_text(content)] if kind == "text" else []
    return json.dumps(found).encode()


TASKS: dict[str, Task] = {
    "check": check,
    "header": header,
    "html": html,
    "embedded": embedded,
    "media": media,
    "show": show,
    "preview": preview,
    "texts": texts,
}


def warm_up() -> None:
    """Do a little of everything: what the libraries load late cannot be loaded once the doors are shut."""
    for name in CODE_PAGES:
        codecs.lookup(name)
    urlsplit("http://é.example/")  # loads the tables of Unicode
    bounds: Params = {"max_pages": 9, "max_pixels": 999, "page": 1, "side": 9, "width": 9, "language": "fr", "base": ""}
    for form, kind in (("JPEG", "jpeg"), ("PNG", "png"), ("TIFF", "tiff")):
        picture_bytes = io.BytesIO()
        Image.new("RGB", (8, 8)).save(picture_bytes, form)
        check(picture_bytes.getvalue(), {**bounds, "kind": kind})
        show(picture_bytes.getvalue(), {**bounds, "kind": kind})
    page = pdf.sample()
    check(page, {**bounds, "kind": "pdf"})
    show(page, {**bounds, "kind": "pdf"})
    preview(page, {**bounds, "kind": "pdf"})
    texts(page, {**bounds, "kind": "pdf"})
    show(b"{\\rtf1 a}", {**bounds, "kind": "rtf"})
    check(SMALLEST_CDA, {**bounds, "kind": "cda"})
    html(SMALLEST_CDA, bounds)


SMALLEST_CDA = (
    b'<?xml version="1.0" encoding="UTF-8"?><ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2"/>'
    b'<code code="11502-2"/><recordTarget><patientRole><id root="1.2" extension="3"/></patientRole></recordTarget>'
    b"<component><structuredBody><component><section><title>a</title><text><table><thead><tr><th>a</th><th>b</th>"
    b"</tr></thead><tbody><tr><td>c</td><td>d</td></tr></tbody></table></text></section></component>"
    b"</structuredBody></component></ClinicalDocument>"
)
