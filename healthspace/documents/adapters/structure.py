"""Whether a file holds together as what it says it is. Parser process only; answers plain JSON values."""

from __future__ import annotations

import re

from lxml import etree

from healthspace.documents.adapters import cda_header, cda_xml, pdf, picture, rtf, signs
from healthspace.documents.adapters.fault import Fault

Value = dict[str, object]


def check(content: bytes, kind: str, params: dict[str, int]) -> Value:
    """Pages, small faults and, for CDA, the header; a Fault when it breaks."""
    pages: int | None = None
    problems: list[str] = []
    card: Value | None = None
    if kind == "pdf":
        pages, problems = pdf.check(content, params["max_pages"])
    elif kind in picture.FORMATS:
        pages = picture.check(content, kind, params["max_pixels"], params["max_pages"])
    elif kind == "rtf":
        rtf.words(content)
    elif kind == "cda":
        root = cda_xml.parse(content)
        card = cda_header.header(root)
        pages, problems = _embedded(root, params)
    else:
        raise Fault("DOC-TYPE-UNKNOWN")
    return {"pages": pages, "problems": problems, "cda": card}


def _embedded(root: etree._Element, params: dict[str, int]) -> tuple[int | None, list[str]]:
    """Level 1: what is inside obeys the rules as if it came alone. Level 3: what breaks is noted and not shown."""
    inside = cda_xml.body(root)
    if inside is not None:
        content = cda_xml.decoded(inside)
        kind = signs.kind_of(inside.get("mediaType") or "")
        if kind is None or kind == "cda":
            raise Fault("DOC-EMBEDDED-TYPE")
        signs.agree(content, kind)
        if kind == "text":
            return None, []
        found = check(content, kind, params)
        pages = found["pages"]
        return (pages if isinstance(pages, int) else None), [str(one) for one in _listed(found["problems"])]
    problems = []
    for _, value in cda_xml.media(root):
        try:
            check_media(cda_xml.decoded(value), value.get("mediaType") or "", params)
        except Fault as fault:
            problems.append(f"DOC-EMBEDDED-NOT-SHOWN {fault.rule}")
    return None, problems


def check_media(content: bytes, declared: str, params: dict[str, int]) -> str:
    """The kind of a medium inside a structured document: its bytes decide (senders mix up picture types)."""
    kind = "gif" if re.match(rb"GIF8[79]a", content) else signs.sniffed(content)
    if kind == "pdf":
        signs.agree(content, "pdf")
        pdf.check(content, params["max_pages"])
    elif kind in picture.FORMATS:
        picture.check(content, kind, params["max_pixels"], params["max_pages"])
    else:
        raise Fault("DOC-EMBEDDED-TYPE")
    return kind


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
