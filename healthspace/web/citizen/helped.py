"""The pages of a helper in somebody's record: what was opened to them, and no word about anything else (T23)."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from healthspace.access import reads as access
from healthspace.access.rules import RIGHTS, Terms
from healthspace.common.errors import Refused
from healthspace.documents import reads as documents
from healthspace.profile import reads as profile
from healthspace.terminology import reads as terminology
from healthspace.web import care, lists, recall, showing
from healthspace.web.citizen.forms import OWN_KINDS
from healthspace.web.citizen.own import render, space
from healthspace.web.middleware import WebRequest

CARE: Final = "REMB"
ON_HOME: Final = 8


def terms(request: WebRequest) -> Terms:
    """What was opened to whoever helps here; Refused once it is over."""
    person_id = space(request)
    found = access.helped(actor=recall.own(request.actor))
    card = next((one for one in found if one.person_id == person_id), None)
    if card is None:
        raise Refused("ABSENT")
    return card.terms


def home(request: WebRequest) -> HttpResponse:
    """What one may do here, and the latest papers of what was opened."""
    opened = terms(request)
    query = documents.ListQuery(limit=ON_HOME, is_visit=True)
    page = documents.list_documents(actor=request.actor, person_id=space(request), query=query)
    shown = {"cards": page.cards, "has_more": bool(page.next_cursor), **_opened(opened)}
    return render(request, "helped_home", "home", shown)


def _opened(opened: Terms) -> dict[str, Any]:
    return {
        "shelves": [shelf for shelf in lists.shelves() if shelf.code in opened.categories and shelf.code != CARE],
        "sees_care": CARE in opened.categories,
        "may_add": "write" in opened.scopes and bool(kinds(opened)),
        "words": spoken(opened),
    }


def spoken(opened: Terms) -> list[str]:
    """The names of the categories that were opened, in the language of the page."""
    language = get_language() or "fr"
    return [one.label(language) for code, one in terminology.categories().items() if code in opened.categories]


def kinds(opened: Terms) -> list[str]:
    """The document types of one's own that lie in what was opened."""
    known = terminology.document_types()
    return [code for code in OWN_KINDS if known[code].category in opened.categories and code not in RIGHTS]


def kinds_to_add(request: WebRequest) -> list[str]:
    """The kinds of paper that this helper may add; Refused when there are none."""
    opened = terms(request)
    found = kinds(opened) if "write" in opened.scopes else []
    if not found:
        raise Refused("CAR-3")
    return found


def document_list(request: WebRequest) -> HttpResponse:
    """The documents that were opened, twenty at a time, by kind and by words."""
    opened = terms(request)
    choice = lists.chosen(request.GET)
    words, cursor = lists.words_of(request, choice), request.GET.get("cursor", "")
    asked = lists.query(choice, words, cursor, is_visit=not cursor)
    page = documents.list_documents(actor=request.actor, person_id=space(request), query=asked)
    shown = {
        "cards": page.cards,
        "chosen": choice,
        "search_words": words,
        "heading": lists.heading(page.total),
        "next_page": f"{choice.address()}&cursor={page.next_cursor}" if page.next_cursor else "",
        "is_filtered": bool(words or choice.category or cursor),
        **_opened(opened),
    }
    return render(request, "helped_documents", "documents", shown)


def document(request: WebRequest, document_id: UUID) -> HttpResponse:
    """One document: what it says."""
    base = reverse("citizen:document", args=[document_id])
    opened = showing.open_shown(request.actor, space(request), document_id, base)
    shown = {
        "card": opened.card,
        "copy_address": reverse("citizen:copy", args=[document_id]),
        "preview_address": reverse("citizen:preview", args=[document_id]),
        **opened.for_template(),
    }
    return render(request, "helped_document", "documents", shown)


def care_history(request: WebRequest) -> HttpResponse:
    """What health insurance paid for, when that was opened."""
    found = profile.care_history(actor=request.actor, person_id=space(request))
    return render(request, "helped_care", "documents", {"history": found, **care.shown(found.lines, request.GET)})
