"""A safe copy of a document put before a reader: never the sender's bytes, and never unjournalled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.conf import settings

from healthspace.common.actor import Actor
from healthspace.common.errors import Unavailable
from healthspace.documents.adapters import cda
from healthspace.documents.adapters import shown as safe
from healthspace.documents.adapters.sandbox import ParserFailed
from healthspace.documents.ports import Limits
from healthspace.documents.reads.opening import open_document
from healthspace.documents.reads.rows import Card


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page of a document shows: `html` is our own fragment, `text` the readable words by page.

    `form` "image" and "pdf" are fetched as `preview` (a page as picture) or `safe_copy`.
    """

    card: Card
    form: Literal["html", "pdf", "image", "text"]
    html: str
    text: tuple[str, ...]
    pages: int


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture or file made by us from a document: its media type and bytes."""

    media_type: str
    body: bytes


def _limits() -> Limits:
    return Limits(max_bytes=settings.MAX_DOCUMENT_BYTES)


def shown(*, actor: Actor, person_id: UUID, document_id: UUID, language: str, base: str) -> Shown:
    """The readable form of one document for this reader; `base` is the address of its pictures.

    Raises `Refused` as `open_document`, `Unavailable` when no safe copy can be made now.
    """
    opened = open_document(actor=actor, person_id=person_id, document_id=document_id)
    kind = opened.card.kind
    with _no_copy():
        if kind == "pdf":
            words = safe.texts(opened.content, kind, limits=_limits())
            return Shown(card=opened.card, form="pdf", html="", text=words, pages=len(words))
        copy = safe.shown(opened.content, kind, language=language, base=base, limits=_limits())
        words = safe.texts(opened.content, kind, limits=_limits()) if copy.form == "pdf" else ()
    body = copy.body.decode() if copy.form in {"html", "text"} else ""
    return Shown(
        card=opened.card,
        form=copy.form,
        html=body if copy.form == "html" else "",
        text=(body,) if copy.form == "text" else words,
        pages=copy.pages,
    )


def safe_copy(*, actor: Actor, person_id: UUID, document_id: UUID, page: int = 1) -> Preview:
    """The scrubbed PDF, or the page re-encoded as a picture, for viewing in the reader's browser."""
    opened = open_document(actor=actor, person_id=person_id, document_id=document_id)
    with _no_copy():
        copy = safe.shown(opened.content, opened.card.kind, page=page, limits=_limits())
    return Preview(copy.media_type, copy.body)


def preview(*, actor: Actor, person_id: UUID, document_id: UUID, page: int, width: int) -> Preview:
    """One page as a picture of this width in pixels."""
    opened = open_document(actor=actor, person_id=person_id, document_id=document_id)
    with _no_copy():
        made = safe.preview(opened.content, opened.card.kind, page=page, width=width, limits=_limits())
    return Preview(made.media_type, made.body)


def media(*, actor: Actor, person_id: UUID, document_id: UUID, number: int) -> Preview:
    """A picture inside a structured document, by its number in the shown form (from 1)."""
    opened = open_document(actor=actor, person_id=person_id, document_id=document_id)
    with _no_copy():
        found = cda.media(opened.content, number, limits=_limits())
    return Preview(found.media_type, found.body)


@contextmanager
def _no_copy() -> Iterator[None]:
    """The parser refused or was stopped: the original stays, its safe copy cannot be had."""
    try:
        yield
    except ParserFailed as fault:
        raise Unavailable(f"no safe copy: {fault.reason}") from None
