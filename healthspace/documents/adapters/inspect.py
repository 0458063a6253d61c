"""Says what a file really is before it is kept: declared type, first and last bytes and structure agree (T49, T50)."""

from __future__ import annotations

import json

import puremagic

from healthspace.common.errors import Invalid, TooLarge
from healthspace.documents.adapters import cda, sandbox, signs
from healthspace.documents.adapters.fault import Fault
from healthspace.documents.adapters.sandbox import ParserFailed
from healthspace.documents.ports import Inspection, Kind, Limits

KINDS: dict[str, Kind] = {
    "pdf": "pdf", "jpeg": "jpeg", "png": "png", "tiff": "tiff", "text": "text", "rtf": "rtf", "cda": "cda"
}  # fmt: skip


def gettext_noop(message: str) -> str:
    """Marks a sentence for translation; the door translates it when it shows it."""
    return message


OTHER_FILE = gettext_noop("Save it as a PDF or as a JPEG picture, then send it again.")
SEND_AGAIN = gettext_noop("Make the file again in the program it comes from, then send it again.")
NO_OBJECTS = gettext_noop("Send the document and what is inside it as separate files.")
ASK_SENDER = gettext_noop("Ask the maker of the sending software to mend the document.")

SENTENCES: dict[str, tuple[str, str]] = {
    "DOC-EMPTY": (gettext_noop("The file is empty."), SEND_AGAIN),
    "DOC-TYPE-UNKNOWN": (
        gettext_noop("We take PDF, JPEG, PNG, TIFF, plain text, RTF and CDA documents, and no other files."),
        OTHER_FILE,
    ),
    "DOC-TYPE-MISMATCH": (gettext_noop("The file is not of the type it says it is."), OTHER_FILE),
    "DOC-POLYGLOT": (gettext_noop("The file hides another file before its beginning or after its end."), SEND_AGAIN),
    "DOC-TRUNCATED": (gettext_noop("The file is cut off: its end is missing."), SEND_AGAIN),
    "DOC-STRUCTURE": (gettext_noop("The file is damaged and cannot be read."), SEND_AGAIN),
    "DOC-ENCRYPTED": (
        gettext_noop("The PDF is locked with a password."),
        gettext_noop("Save it without a password, then send it again."),
    ),
    "DOC-PAGES": (
        gettext_noop("The file has no page, or too many pages."),
        gettext_noop("Send it in several files."),
    ),
    "DOC-PIXELS": (
        gettext_noop("The picture is too large in pixels."),
        gettext_noop("Make the picture smaller, then send it again."),
    ),
    "DOC-BOMB": (gettext_noop("The file would grow beyond bounds when opened."), SEND_AGAIN),
    "DOC-ACTIVE": (gettext_noop("The file carries objects or programs."), NO_OBJECTS),
    "DOC-DOCTYPE": (gettext_noop("The XML document declares a document type, which we do not read."), ASK_SENDER),
    "DOC-XML": (gettext_noop("The XML document is not well formed."), ASK_SENDER),
    "DOC-XML-ENCODING": (gettext_noop("The XML document is not written in UTF-8."), ASK_SENDER),
    "DOC-NOT-CDA": (gettext_noop("The XML document is not a CDA document."), ASK_SENDER),
    "DOC-CDA-HEADER": (
        gettext_noop("The CDA document does not say its identifier, its type or its patient."),
        ASK_SENDER,
    ),
    "DOC-CDA-BODY": (gettext_noop("The CDA document has no body."), ASK_SENDER),
    "DOC-EMBEDDED-TYPE": (gettext_noop("The file inside the CDA document is of a type we do not take."), ASK_SENDER),
    "DOC-EMBEDDED-BASE64": (gettext_noop("The file inside the CDA document cannot be decoded."), ASK_SENDER),
    "DOC-TOO-HARD": (gettext_noop("Reading the file takes too much time or memory."), SEND_AGAIN),
}
PARSER_RULES = {"crashed": "DOC-STRUCTURE", "timeout": "DOC-TOO-HARD", "too_big": "DOC-TOO-HARD"}


def inspect(content: bytes, declared: str, *, limits: Limits) -> Inspection:
    """What the file is; raises TooLarge, or Invalid with the rule it breaks. `declared` is a media type."""
    if len(content) > limits.max_bytes:
        raise TooLarge(limits.max_bytes)
    kind = signs.kind_of(declared)
    try:
        if kind is None:
            raise Fault("DOC-TYPE-UNKNOWN")
        signs.agree(content, kind)
        if kind == "text":
            return Inspection(media_type=signs.MEDIA[kind], kind="text")
        found = json.loads(_structure(content, kind, limits))
    except (Fault, ParserFailed) as error:
        raise _invalid(error.rule if isinstance(error, Fault) else error.reason, content) from None
    return Inspection(
        media_type=signs.MEDIA[kind],
        kind=KINDS[kind],
        cda=cda.header_from(found["cda"]) if found["cda"] is not None else None,
        pages=found["pages"],
        problems=tuple(found["problems"]),
    )


def trimmed(content: bytes) -> bytes:
    """A phone's JPEG without what phones write after it (second pictures, film, makers' notes); else as it is.

    For pictures a holder sends from a phone; a sender's file is never touched, and refused.
    """
    if signs.sniffed(content) != "jpeg":
        return content
    try:
        return content[: signs.jpeg_end(content)]
    except Fault:
        return content


def _structure(content: bytes, kind: str, limits: Limits) -> bytes:
    bounds = {"max_pages": limits.max_pages, "max_pixels": limits.max_pixels}
    return sandbox.run(
        "check", content, params={"kind": kind, **bounds}, seconds=limits.seconds, memory_mb=limits.memory_mb
    )


def _invalid(rule: str, content: bytes) -> Invalid:
    rule = PARSER_RULES.get(rule, rule)
    if rule == "DOC-TYPE-MISMATCH" and signs.sniffed(content) is None:
        rule = _foreign(content)
    message, way_out = SENTENCES.get(rule, SENTENCES["DOC-STRUCTURE"])
    return Invalid(field="content", rule=rule, message=message, way_out=way_out)


def _foreign(content: bytes) -> str:
    """A second opinion on bytes our own signs do not know: a type nobody may file, or merely something else."""
    if signs.PAGE.search(content[:1024]):
        return "DOC-TYPE-UNKNOWN"
    try:
        return "DOC-TYPE-UNKNOWN" if puremagic.from_string(content[:4096]) else "DOC-TYPE-MISMATCH"
    except (puremagic.PureError, ValueError):
        return "DOC-TYPE-MISMATCH"
