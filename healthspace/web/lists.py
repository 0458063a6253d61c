"""Lists of documents for both audiences: what was chosen in the form, as a query and as chips."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Final, Literal
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from healthspace.common import clock
from healthspace.documents import reads as documents
from healthspace.terminology import reads as terminology

PER_PAGE: Final = 20
YEARS_BACK: Final = 20
MOST_PAGES: Final = 2000
WORDS_COOKIE: Final = "words"
WORDS_LAST: Final = 15 * 60
PARIS: Final = ZoneInfo("Europe/Paris")
Order = Literal["date", "title", "author", "type"]
# What the address says of the order, as the room sorts; "old" is by date, from the other end.
ORDERS: Final[Mapping[str, Order]] = {"": "date", "old": "date", "title": "title", "author": "author", "type": "type"}


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    label: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters of the address, as given; what cannot be read is left out."""

    category: str = ""
    setting: str = ""
    year: str = ""
    sender: str = ""
    new: str = ""
    hidden: str = ""
    sort: str = ""
    status: str = ""
    folder: str = ""
    search: str = ""

    def address(self, **changes: str) -> str:
        """This list with some filters changed."""
        kept = replace(self, **changes)
        given = {name: getattr(kept, name) for name in Chosen.__slots__ if getattr(kept, name)}
        return "?" + urlencode(given)


def chosen(given: Mapping[str, str]) -> Chosen:
    """What the address asks for; unknown values are dropped."""
    year = given.get("year", "")
    return Chosen(
        category=_known(given.get("category", ""), terminology.categories()),
        setting=_known(given.get("setting", ""), terminology.settings()),
        year=year if year in years() else "",
        sender=_sender(given.get("sender", "")),
        new="1" if given.get("new") == "1" else "",
        hidden="1" if given.get("hidden") == "1" else "",
        sort=_known(given.get("sort", ""), ORDERS),
        status="old" if given.get("status") == "old" else "",
        folder=str(_uuid(given.get("folder", "")) or ""),
        search="1" if given.get("search") == "1" else "",
    )


def query(choice: Chosen, words: str, cursor: str, *, is_visit: bool = False) -> documents.ListQuery:
    """The same, as the room asks for it."""
    kind, _dash, sender_id = choice.sender.partition("-")
    return documents.ListQuery(
        types=types_of(choice.category) if choice.category else (),
        settings=(choice.setting,) if choice.setting else (),
        made_from=_new_year(int(choice.year)) if choice.year else None,
        made_before=_new_year(int(choice.year) + 1) if choice.year else None,
        author_professional_id=UUID(sender_id) if kind == "p" else None,
        author_institution_id=UUID(sender_id) if kind == "i" else None,
        only_from_holder=choice.sender == "me",
        folder_id=UUID(choice.folder) if choice.folder else None,
        only_new=bool(choice.new),
        only_masked=bool(choice.hidden),
        statuses=("current", "superseded") if choice.status == "old" else ("current",),
        oldest_first=choice.sort == "old",
        sort=ORDERS[choice.sort],
        text=words,
        limit=PER_PAGE,
        cursor=cursor,
        with_total=True,
        is_visit=is_visit,
    )


def chips(choice: Chosen, words: str, senders: list[Option], folder: str = "") -> list[Chip]:
    """The active filters, each with the address of the list without it."""
    by_code = {sender.code: sender.label for sender in senders}
    labels = {
        "search": _("“%(words)s”") % {"words": words} if choice.search and words else "",
        "category": shelf_label(choice.category) if choice.category else "",
        "setting": setting_label(choice.setting) if choice.setting else "",
        "year": choice.year,
        "sender": by_code.get(choice.sender, _("One sender")) if choice.sender else "",
        "new": _("New since my last visit") if choice.new else "",
        "hidden": _("Hidden from professionals") if choice.hidden else "",
        "status": _("With old versions") if choice.status else "",
        "folder": folder,
    }
    return [Chip(label, choice.address(**{name: ""})) for name, label in labels.items() if label]


def heading(total: int | None) -> str:
    """How many documents the list holds."""
    if total is None:
        return _("Documents")
    return ngettext("%(count)d document", "%(count)d documents", total) % {"count": total}


def shelves(codes: tuple[str, ...] = ()) -> list[Option]:
    """The kinds of document in the language of the page; some of them, or all."""
    known = _shelves((get_language() or "")[:2])
    return [shelf for shelf in known if not codes or shelf.code in codes]


@cache
def _shelves(language: str) -> list[Option]:
    return [
        Option(shelf.code, shelf.fr if language == "fr" else shelf.en, shelf.icon)
        for shelf in terminology.categories().values()
    ]


def shelf_label(code: str) -> str:
    """The name of one kind of document."""
    return next((shelf.label for shelf in shelves() if shelf.code == code), "")


def places() -> list[Option]:
    """The practice settings in the language of the page, by name."""
    language = (get_language() or "")[:2]
    found = [Option(one.code, one.fr if language == "fr" else one.en) for one in terminology.settings().values()]
    return sorted(found, key=lambda one: one.label.casefold())


def setting_label(code: str) -> str:
    """The name of one practice setting."""
    return next((place.label for place in places() if place.code == code), "")


@cache
def types_of(category: str) -> tuple[str, ...]:
    """The document types on that shelf."""
    kinds = terminology.document_types().values()
    return tuple(kind.code for kind in kinds if kind.category == category)


def years() -> list[str]:
    """The years offered, this one first."""
    this = clock.today().year
    return [str(year) for year in range(this, this - YEARS_BACK, -1)]


def sorts() -> list[Option]:
    """The orders offered."""
    labels = (_("Newest first"), _("Oldest first"), _("By title"), _("By author"), _("By kind"))
    return [Option(code, label) for code, label in zip(ORDERS, labels, strict=True)]


def is_by_date(choice: Chosen) -> bool:
    """Whether the list runs along time, so that it can be cut into months."""
    return ORDERS[choice.sort] == "date"


def senders(cards: tuple[documents.Card, ...], choice: Chosen) -> list[Option]:
    """Who sent the documents in view, by name."""
    found: dict[str, str] = {}
    for card in cards:
        if card.is_from_holder:
            found["me"] = _("Added by me")
        elif card.author_professional_id:
            found[f"p-{card.author_professional_id}"] = card.author_name
        elif card.author_institution_id:
            found[f"i-{card.author_institution_id}"] = card.author_place or card.author_name
    if choice.sender:
        found.setdefault(choice.sender, _("One sender"))
    return sorted((Option(*pair) for pair in found.items()), key=lambda one: one.label.casefold())


def keep_words(response: HttpResponse, words: str) -> None:
    """Keep what was searched on the person's own device: never in an address, a log or the database."""
    packed = base64.urlsafe_b64encode(words.encode()).decode()
    response.set_cookie(
        WORDS_COOKIE,
        packed,
        max_age=WORDS_LAST,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def words_of(request: HttpRequest, choice: Chosen) -> str:
    """What was searched, if this list is one of a search."""
    packed = request.COOKIES.get(WORDS_COOKIE, "") if choice.search else ""
    try:
        return base64.urlsafe_b64decode(packed).decode()[:100]
    except ValueError:
        return ""


def page_number(given: Mapping[str, str]) -> int:
    """Which page of a document to show; the first when nothing sensible is asked."""
    text = given.get("page", "1")
    return min(int(text), MOST_PAGES) if text.isdecimal() and text.isascii() and int(text[:6]) > 0 else 1


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=PARIS)


def _known(code: str, codes: Mapping[str, object]) -> str:
    return code if code in codes else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _sender(text: str) -> str:
    kind, dash, given = text.partition("-")
    found = _uuid(given) if dash and kind in {"p", "i"} else None
    return f"{kind}-{found}" if found else "me" if text == "me" else ""
