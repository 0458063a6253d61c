"""A document put before a reader: safe copy, first page, text; the same for both audiences."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from healthspace.common.actor import Actor
from healthspace.documents import reads as documents
from healthspace.web import files

PREVIEW_WIDTH: Final = 480


@dataclass(frozen=True, slots=True)
class Opened:
    """One opening: the card, and what the page shows of the content."""

    card: documents.Card
    kind: str
    html: str
    text: tuple[str, ...]
    pages: int

    def for_template(self) -> dict[str, Any]:
        """The names that `web/parts/shown.html` uses; the fragment was made and cleaned by documents."""
        return {
            "copy_kind": self.kind,
            "shown": {"kind": self.kind, "pages": self.pages},
            "shown_html": mark_safe(self.html),  # noqa: S308 our own markup, cleaned by its room
            "shown_texts": self.text,
            "has_preview": self.kind == "pdf",
        }


def open_shown(actor: Actor, person_id: UUID, document_id: UUID, base: str) -> Opened:
    """Open one document and make what its page shows; `base` is the address of its pictures."""
    language = (get_language() or "fr")[:2]
    found = documents.shown(
        actor=actor, person_id=person_id, document_id=document_id, language=language, base=base.rstrip("/")
    )
    return Opened(found.card, found.form, found.html, found.text, found.pages)


def text_version(actor: Actor, person_id: UUID, document_id: UUID) -> tuple[documents.Card, tuple[str, ...]]:
    """The words of a document, for screen readers; empty when it holds none."""
    found = documents.shown(actor=actor, person_id=person_id, document_id=document_id, language="fr", base="")
    return found.card, found.text


def copy(actor: Actor, person_id: UUID, document_id: UUID, page: int = 1) -> HttpResponse:
    """The safe copy, full size."""
    made = documents.safe_copy(actor=actor, person_id=person_id, document_id=document_id, page=page)
    return files.copy(made.body, made.media_type)


def preview(actor: Actor, person_id: UUID, document_id: UUID) -> HttpResponse:
    """The first page as a picture."""
    made = documents.preview(actor=actor, person_id=person_id, document_id=document_id, page=1, width=PREVIEW_WIDTH)
    return files.copy(made.body, made.media_type)


def media(actor: Actor, person_id: UUID, document_id: UUID, number: int) -> HttpResponse:
    """A picture inside a structured document."""
    made = documents.media(actor=actor, person_id=person_id, document_id=document_id, number=number)
    return files.copy(made.body, made.media_type)
