"""CDA R2 as a tree: read without document types, entities, files or network (T45). Parser process only."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from lxml import etree

from healthspace.documents.adapters.fault import Fault

HL7 = "urn:hl7-org:v3"
NS = {"h": HL7, "pharm": "urn:ihe:pharm:medication"}
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
DECLARED = re.compile(rb"<!\s*(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
PROLOGUE = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"'][^>]*\?>")
ENCODINGS = frozenset(["utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1"])
RECODED = {"windows-1252": "cp1252", "cp1252": "cp1252", "iso-8859-15": "iso8859-15"}
ORDINARY = 9_000_000  # the parser's own bound for one text; a longer file is let past it, memory and time still hold


def tag(name: str) -> str:
    return f"{{{HL7}}}{name}"


def parse(content: bytes) -> etree._Element:
    """The root of a CDA document; a Fault when it is no such thing or declares a document type."""
    if b"\0" in content:
        raise Fault("DOC-XML-ENCODING")
    if DECLARED.search(content):
        raise Fault("DOC-DOCTYPE")
    content = _recoded(content)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=len(content) > ORDINARY,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Fault("DOC-XML") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Fault("DOC-DOCTYPE")
    if root.tag != tag("ClinicalDocument"):
        raise Fault("DOC-NOT-CDA")
    return root


def _recoded(content: bytes) -> bytes:
    """UTF-8 of what Windows wrote; other encodings than these are not taken."""
    found = PROLOGUE.match(content)
    if found is None:
        return content
    name = found.group(1).decode("ascii").lower()
    if name in ENCODINGS:
        return content
    if name not in RECODED:
        raise Fault("DOC-XML-ENCODING")
    return content[found.end() :].decode(RECODED[name], "replace").encode()


def text_of(element: etree._Element | None) -> str:
    """All words inside, spaces folded."""
    if element is None:
        return ""
    return " ".join(raw_text(element).split())


def raw_text(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())


def first(element: etree._Element | None, path: str) -> etree._Element | None:
    return None if element is None else element.find(path, NS)


def attribute(element: etree._Element | None, path: str, name: str) -> str:
    found = first(element, path)
    return "" if found is None else (found.get(name) or "")


def decoded(element: etree._Element) -> bytes:
    """The bytes of an ED element: base64, or its own text in UTF-8."""
    if element.get("representation") != "B64":
        return raw_text(element).strip().encode()
    try:
        return base64.b64decode("".join(raw_text(element).split()), validate=True)
    except (binascii.Error, ValueError):
        raise Fault("DOC-EMBEDDED-BASE64") from None


def body(root: etree._Element) -> etree._Element | None:
    """The nonXMLBody's text of a level 1 document, else None."""
    return root.find("h:component/h:nonXMLBody/h:text", NS)


def media(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The embedded media of a structured document in order: its XML ID and its value."""
    for one in root.iter(tag("observationMedia")):
        value = one.find("h:value", NS)
        if value is not None:
            yield one.get("ID") or "", value
