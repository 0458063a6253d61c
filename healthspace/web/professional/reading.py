"""A record at a glance, its documents, one document: for professionals."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from healthspace.access import reads as access
from healthspace.common.errors import Refused, SpaceClosed
from healthspace.documents import reads as documents
from healthspace.web import files, lists, showing
from healthspace.web.audience import for_professional
from healthspace.web.middleware import WebRequest
from healthspace.web.professional import patient
from healthspace.web.professional.finding import no_record

P = ParamSpec("P")
Page = Callable[Concatenate[WebRequest, P], HttpResponse]
BLOCKS: Final = ("SYNTHESE", "CPT_REND", "BIOLOGIE", "ORD_SOIN", "RADIO_SC", "CAR_VAC")
LOOKED_AT: Final = 100
IN_BLOCK: Final = 5
FRESH_SHOWN: Final = 8


def or_no_record(page: Page[P]) -> Page[P]:
    """Answer every refusal of a record with the same page."""

    @wraps(page)
    def guarded(request: WebRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return page(request, *args, **kwargs)
        except (Refused, SpaceClosed):
            return no_record(request)

    return guarded


@require_safe
@for_professional
@or_no_record
def record(request: WebRequest, person_id: UUID) -> HttpResponse:
    """What is new and the latest of each kind, on one page."""
    identity = access.open_record(actor=request.actor, person_id=person_id)
    query = documents.ListQuery(limit=LOOKED_AT, is_visit=True)
    page = documents.list_documents(actor=request.actor, person_id=person_id, query=query)
    patient.remember(request, person_id)
    shown = {
        "patient": patient.banner(person_id, identity),
        "fresh": [card for card in page.cards if card.is_new][:FRESH_SHOWN],
        "seen_at": page.seen_at,
        "blocks": [block for block in map(_block(page.cards), BLOCKS) if block["cards"]],
        "shelves": lists.shelves(),
    }
    return patient.render(request, "record", shown)


def _block(cards: tuple[documents.Card, ...]) -> Callable[[str], dict[str, Any]]:
    def block(code: str) -> dict[str, Any]:
        own = [card for card in cards if card.category == code]
        return {
            "code": code,
            "label": lists.shelf_label(code),
            "cards": own[:IN_BLOCK],
            "is_longer": len(own) > IN_BLOCK,
        }

    return block


@require_safe
@for_professional
@or_no_record
def document_list(request: WebRequest, person_id: UUID) -> HttpResponse:
    """All documents, filtered; each line with its source and its date."""
    banner = patient.of(request, person_id)
    choice = lists.chosen(request.GET)
    words = lists.words_of(request, choice)
    cursor = request.GET.get("cursor", "")
    asked = lists.query(choice, words, cursor)
    page = documents.list_documents(actor=request.actor, person_id=person_id, query=asked)
    shown = {
        "patient": banner,
        "cards": page.cards,
        "chosen": choice,
        "words": words,
        "shelves": lists.shelves(),
        "places": lists.places(),
        "years": lists.years(),
        "sorts": lists.sorts(),
        "chips": lists.chips(choice, words, lists.senders(page.cards, choice)),
        "heading": lists.heading(page.total),
        "next_page": f"{choice.address()}&cursor={page.next_cursor}" if page.next_cursor else "",
    }
    return patient.render(request, "documents", shown)


@require_POST
@for_professional
def find(request: WebRequest, person_id: UUID) -> HttpResponse:
    """Keep the words on the device and show the list they lead to."""
    words = request.POST.get("q", "").strip()[:100]
    address = reverse("professional:documents", args=[person_id])
    response = redirect(f"{address}?search=1" if words else address)
    lists.keep_words(response, words)
    return response


@require_safe
@for_professional
@or_no_record
def document(request: WebRequest, person_id: UUID, document_id: UUID) -> HttpResponse:
    """One document with the alerts that the law asks for (ACC-12, ACC-13)."""
    base = reverse("professional:document", args=[person_id, document_id])
    opened = showing.open_shown(request.actor, person_id, document_id, base)
    shown = {
        "patient": _banner_of_author(request, person_id),
        "person_id": person_id,
        "card": opened.card,
        "copy_address": reverse("professional:copy", args=[person_id, document_id]),
        "preview_address": reverse("professional:preview", args=[person_id, document_id]),
        **opened.for_template(),
    }
    return patient.render(request, "document", shown)


def _banner_of_author(request: WebRequest, person_id: UUID) -> patient.Banner | None:
    """An author reads their own document back without an authorisation (ACC-8), so without a banner."""
    try:
        return patient.of(request, person_id)
    except Refused:
        return None


@require_safe
@for_professional
@or_no_record
def original(request: WebRequest, person_id: UUID, document_id: UUID) -> HttpResponse:
    """The file byte for byte, to be saved."""
    opened = documents.open_document(
        actor=request.actor, person_id=person_id, document_id=document_id, is_download=True
    )
    return files.original(opened.content, opened.card.media_type, opened.card.made_at.date())


@require_safe
@for_professional
@or_no_record
def copy(request: WebRequest, person_id: UUID, document_id: UUID) -> HttpResponse:
    """The safe copy, full size."""
    return showing.copy(request.actor, person_id, document_id, lists.page_number(request.GET))


@require_safe
@for_professional
@or_no_record
def preview(request: WebRequest, person_id: UUID, document_id: UUID) -> HttpResponse:
    """The first page as a picture."""
    return showing.preview(request.actor, person_id, document_id)


@require_safe
@for_professional
@or_no_record
def media(request: WebRequest, person_id: UUID, document_id: UUID, number: int) -> HttpResponse:
    """A picture inside a structured document."""
    return showing.media(request.actor, person_id, document_id, number)
