"""Home, lists and single documents of the holder."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from healthspace.access import reads as access
from healthspace.documents import reads as documents
from healthspace.web import files, lists, recall, showing
from healthspace.web.audience import for_holder, for_person_side
from healthspace.web.citizen import gather, helped, told
from healthspace.web.citizen.own import render, space
from healthspace.web.entering import IS_FIRST
from healthspace.web.middleware import WebRequest

ON_THREAD = 10
OPENINGS_SHOWN = 5
SHELVES_ON_HOME = ("BIOLOGIE", "ORD_SOIN", "RADIO_SC", "CPT_REND", "CAR_VAC", "CERT_MED")


@require_safe
@for_person_side
def home(request: WebRequest) -> HttpResponse:
    """What is new, what one comes for, and the thread."""
    if request.actor.kind == "caregiver":
        return helped.home(request)
    found = gather.first_page(actor=request.actor, person_id=space(request))
    cards = found.page.cards
    fresh = [card for card in cards if card.is_new and not card.is_from_holder]
    by_others = found.by_others
    opened = [entry for entry in by_others if told.is_opening(entry) and entry.actor_kind not in told.FAMILY]
    shown = {
        "first_name": recall.of_record(request.actor).first,
        "fresh": fresh,
        "new_count": len(fresh),
        "shelves": lists.shelves(SHELVES_ON_HOME),
        "openers": len({entry.actor_id for entry in opened}),
        "helper_count": told.helper_count(by_others),
        "refusals": sum(entry.outcome == "refused" for entry in by_others),
        "thread": told.thread(cards, by_others, ON_THREAD),
        "has_more": bool(found.page.next_cursor),
        "unread": found.unread,
        "first_day": first_day(request),
    }
    return render(request, "home", "home", shown)


def first_day(request: WebRequest) -> gather.FirstDay | None:
    """What the space holds, during the first visit and until the holder has read it."""
    if not request.session.get(IS_FIRST):
        return None
    return gather.first_day(actor=request.actor, person_id=space(request))


@require_POST
@for_holder
def first_day_read(request: WebRequest) -> HttpResponse:
    """The holder has read what the space holds on day one."""
    request.session.pop(IS_FIRST, None)
    return redirect("citizen:home")


@require_safe
@for_person_side
def document_list(request: WebRequest) -> HttpResponse:
    """The documents, filtered by the form beside them, twenty at a time."""
    if request.actor.kind == "caregiver":
        return helped.document_list(request)
    choice = lists.chosen(request.GET)
    words = lists.words_of(request, choice)
    cursor = request.GET.get("cursor", "")
    asked = lists.query(choice, words, cursor, is_visit=not cursor)
    page = documents.list_documents(actor=request.actor, person_id=space(request), query=asked)
    folder = _folder(request, choice.folder)
    senders = lists.senders(page.cards, choice)
    shown = {
        "cards": page.cards,
        "chosen": choice,
        "words": words,
        "folder": folder,
        "shelves": lists.shelves(),
        "places": lists.places(),
        "years": lists.years(),
        "senders": senders,
        "sorts": lists.sorts(),
        "chips": lists.chips(choice, words, senders, folder.name if folder else ""),
        "heading": lists.heading(page.total),
        "is_by_date": lists.is_by_date(choice),
        "next_page": f"{choice.address()}&cursor={page.next_cursor}" if page.next_cursor else "",
        "is_later_page": bool(cursor),
        "first_page": choice.address(),
    }
    return render(request, "documents", "documents", shown)


def _folder(request: WebRequest, folder_id: str) -> documents.FolderCard | None:
    if not folder_id:
        return None
    known = documents.folders(actor=request.actor, person_id=space(request))
    return next((folder for folder in known if str(folder.id) == folder_id), None)


@require_POST
@for_person_side
def search(request: WebRequest) -> HttpResponse:
    """Keep the words on the person's device and show the list they lead to."""
    words = request.POST.get("q", "").strip()[:100]
    address = reverse("citizen:documents")
    response = redirect(f"{address}?search=1" if words else address)
    lists.keep_words(response, words)
    return response


@require_safe
@for_person_side
def document(request: WebRequest, document_id: UUID) -> HttpResponse:
    """One document: what it says, who can see it, who opened it, what may be done."""
    if request.actor.kind == "caregiver":
        return helped.document(request, document_id)
    person_id = space(request)
    base = reverse("citizen:document", args=[document_id])
    opened = showing.open_shown(request.actor, person_id, document_id, base)
    card = opened.card
    viewers = access.who_can_see(actor=request.actor, person_id=person_id, item=told.guarded(card))
    openings = documents.journal(
        actor=request.actor,
        person_id=person_id,
        item_id=document_id,
        by=told.OTHERS,
        limit=OPENINGS_SHOWN,
        is_act=False,
    )
    shown = {
        "card": card,
        "readers": told.readers(card, viewers),
        "reader_count": sum(viewer.is_allowed for viewer in viewers),
        "openings": [told.line(entry) for entry in openings],
        "copy_address": reverse("citizen:copy", args=[document_id]),
        "preview_address": reverse("citizen:preview", args=[document_id]),
        **opened.for_template(),
    }
    return render(request, "document", "documents", shown)


@require_safe
@for_person_side
def text(request: WebRequest, document_id: UUID) -> HttpResponse:
    """The text of a PDF or picture, for screen readers."""
    card, found = showing.text_version(request.actor, space(request), document_id)
    return render(request, "text", "documents", {"card": card, "texts": [page for page in found if page.strip()]})


@require_safe
@for_holder
def original(request: WebRequest, document_id: UUID) -> HttpResponse:
    """The file byte for byte, to be saved."""
    opened = documents.open_document(
        actor=request.actor, person_id=space(request), document_id=document_id, is_download=True
    )
    return files.original(opened.content, opened.card.media_type, opened.card.made_at.date())


@require_safe
@for_person_side
def copy(request: WebRequest, document_id: UUID) -> HttpResponse:
    """The safe copy, full size."""
    return showing.copy(request.actor, space(request), document_id, lists.page_number(request.GET))


@require_safe
@for_person_side
def preview(request: WebRequest, document_id: UUID) -> HttpResponse:
    """The first page as a picture."""
    return showing.preview(request.actor, space(request), document_id)


@require_safe
@for_person_side
def media(request: WebRequest, document_id: UUID, number: int) -> HttpResponse:
    """A picture inside a structured document."""
    return showing.media(request.actor, space(request), document_id, number)
