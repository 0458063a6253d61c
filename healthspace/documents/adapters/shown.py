"""Safe copies of files that passed inspection: what a reader gets to see (T47, T48). Parsing is elsewhere."""

from __future__ import annotations

import json

from healthspace.documents.adapters import sandbox
from healthspace.documents.ports import Kind, Limits, Shown

PREVIEW_WIDTH, PAGE_WIDTH, SIDE = 320, 1200, 2400


def shown(
    content: bytes,
    kind: Kind,
    *,
    language: str = "fr",
    base: str = "",
    page: int = 1,
    side: int = SIDE,
    limits: Limits | None = None,
) -> Shown:
    """The safe copy of a file; raises ParserFailed when there is none to be made.

    pdf: scrubbed PDF. jpeg, png, tiff: WebP of `page`, at most `side` pixels a side. text, rtf: its words.
    cda: level 3 an HTML fragment whose pictures are at {base}/media/<n>; level 1 what is inside, by its own kind.
    """
    params: dict[str, str | int] = {"kind": kind, "language": language, "base": base, "page": page, "side": side}
    head, _, body = _run("show", content, params, limits or Limits()).partition(b"\n")
    return Shown(body=body, **json.loads(head))


def preview(
    content: bytes, kind: Kind, *, width: int = PREVIEW_WIDTH, page: int = 1, limits: Limits | None = None
) -> Shown:
    """One page of a PDF or picture as WebP of this width (16 to 2,400); ParserFailed("DOC-NO-PREVIEW") for words."""
    width = max(16, min(width, SIDE))
    body = _run("preview", content, {"kind": kind, "page": page, "width": width}, limits or Limits())
    return Shown(form="image", media_type="image/webp", body=body)


def texts(content: bytes, kind: Kind, *, limits: Limits | None = None) -> tuple[str, ...]:
    """The words of each page of a PDF (as many as it has pages), of an RTF or a text (one page); none of a picture."""
    found = json.loads(_run("texts", content, {"kind": kind}, limits or Limits()))
    return tuple(str(one) for one in found)


def _run(task: str, content: bytes, params: dict[str, str | int], limits: Limits) -> bytes:
    bounds = {"max_pages": limits.max_pages, "max_pixels": limits.max_pixels}
    return sandbox.run(task, content, params={**bounds, **params}, seconds=limits.seconds, memory_mb=limits.memory_mb)
