"""Lists of documents: filter before search, so that nothing hidden is counted (T30)."""

from __future__ import annotations

import base64
import hmac
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from healthspace.access import deed, gate
from healthspace.common.actor import Actor
from healthspace.common.errors import Invalid
from healthspace.common.ids import new_id
from healthspace.documents.models import Document
from healthspace.documents.reads.rows import COLUMN_TYPES, COLUMNS, Card, CardMaker, Row
from healthspace.schema.message import call, send, to_instant
from healthspace.vault import reads as vault

PAGE_LIMIT: Final = 100
NAMES_READ_AT_ONCE: Final = 20_000
FIRST_VISIT_LOOKS_BACK: Final = timedelta(days=30)
ONE_LOOK: Final = timedelta(minutes=1)
_LAST_VISIT: Final = "SELECT before_at, seen_at FROM documents_visit WHERE person_id = %s AND viewer_id = %s"
_MARK_VISIT: Final = (
    "INSERT INTO documents_visit AS v (person_id, id, viewer_id, seen_at, before_at)"
    " VALUES (%s, %s, %s, %s, NULL) ON CONFLICT (person_id, viewer_id) DO UPDATE SET"
    " before_at = CASE WHEN v.seen_at < EXCLUDED.seen_at - interval '30 minutes'"
    " THEN v.seen_at ELSE v.before_at END, seen_at = EXCLUDED.seen_at"
    " RETURNING before_at"
)


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a reader looks for; empty means no filter. `text` searches titles and authors."""

    types: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    made_from: datetime | None = None
    made_before: datetime | None = None
    deposited_from: datetime | None = None
    author_professional_id: UUID | None = None
    author_institution_id: UUID | None = None
    folder_id: UUID | None = None
    only_masked: bool = False
    only_new: bool = False
    only_from_holder: bool = False
    statuses: tuple[str, ...] = ("current",)
    text: str = ""
    oldest_first: bool = False
    sort: Literal["date", "title", "author", "type"] = "date"
    limit: int = 20
    cursor: str = ""
    with_total: bool = False
    is_visit: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of cards; `next_cursor` is empty on the last; `total` counts the visible only."""

    cards: tuple[Card, ...]
    next_cursor: str
    total: int | None
    seen_at: datetime | None


def list_documents(*, actor: Actor, person_id: UUID, query: ListQuery) -> Page:
    """The documents this reader may see, newest first; journalled once for the list.

    Refused as a whole to whoever may not consult; `Invalid` for a cursor of somebody else.
    """
    with deed.reading(actor=actor, person_id=person_id) as standing:
        rule = gate.require(standing, "list").rule
        seen_at = _seen_at(standing, query)
        where, params = _conditions(standing, query, seen_at)
        search = _by_name if query.text or query.sort != "date" else _by_date
        page = search(standing, query, where, params, seen_at)
        deed.finish(gate.journal_sql(standing, "documents_listed", rule=rule))
        return page


def _by_date(
    standing: gate.Standing,
    query: ListQuery,
    where: str,
    params: list[Any],
    seen_at: datetime | None,
) -> Page:
    limit = max(1, min(query.limit, PAGE_LIMIT))
    after, at = _after(standing, query)
    order = "made_at, id" if query.oldest_first else "made_at DESC, id DESC"
    sql = f"SELECT {COLUMNS} FROM documents_document WHERE {where}{after} ORDER BY {order} LIMIT {limit + 1}"
    rows = _fetch(standing, sql, params + at)
    total = _count(where, params) if query.with_total else None
    maker = CardMaker(standing, seen_at)
    cards = tuple(maker.card(Row(*row)) for row in rows[:limit])
    more = _cursor(standing, cards[-1]) if len(rows) > limit else ""
    return Page(cards, more, total, seen_at)


def _by_name(
    standing: gate.Standing,
    query: ListQuery,
    where: str,
    params: list[Any],
    seen_at: datetime | None,
) -> Page:
    """Names are sealed, so searching or sorting by them unseals this person's visible cards."""
    order = "made_at, id" if query.oldest_first else "made_at DESC, id DESC"
    sql = f"SELECT {COLUMNS} FROM documents_document WHERE {where} ORDER BY {order} LIMIT {NAMES_READ_AT_ONCE}"
    words, maker = plain(query.text).split(), CardMaker(standing, seen_at)
    found = [
        card
        for card in (maker.card(Row(*row)) for row in _fetch(standing, sql, params))
        if all(word in _names(card) for word in words)
    ]
    if query.sort != "date":
        found.sort(key=_SORTS[query.sort])
    limit = max(1, min(query.limit, PAGE_LIMIT))
    start = _offset_after(standing, found, query.cursor)
    shown = tuple(found[start : start + limit])
    more = _cursor(standing, shown[-1]) if len(found) > start + limit else ""
    return Page(shown, more, len(found), seen_at)


def _names(card: Card) -> str:
    return plain(
        f"{card.title} {card.original_title} {card.type_label} {card.author_name} {card.author_place} {card.note}"
    )


def plain(text: str) -> str:
    """Lower case without accents, for comparing what people type."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_SORTS: Final[dict[str, Callable[[Card], str]]] = {
    "title": lambda card: plain(card.title),
    "author": lambda card: plain(card.author_name or card.author_place),
    "type": lambda card: plain(card.type_label),
}


def _conditions(standing: gate.Standing, query: ListQuery, seen_at: datetime | None) -> tuple[str, list[Any]]:
    visible, params = gate.visible(standing)
    parts = ["person_id = %s", f"({visible})", "status = ANY(%s)"]
    params = [standing.person_id, *params, list(query.statuses)]
    for column, values in (
        ("type_code", query.types),
        ("class_code", query.classes),
        ("setting_code", query.settings),
    ):
        if values:
            parts.append(f"{column} = ANY(%s)")
            params.append(list(values))
    for condition, value in (
        ("made_at >= %s", query.made_from),
        ("made_at < %s", query.made_before),
        ("deposited_at >= %s", query.deposited_from),
        ("author_professional_id = %s", query.author_professional_id),
        ("author_institution_id = %s", query.author_institution_id),
        ("folder_id = %s", query.folder_id),
        ("deposited_at > %s", seen_at if query.only_new else None),
    ):
        if value is not None:
            parts.append(condition)
            params.append(value)
    if query.only_masked:
        parts.append("is_masked")
    if standing.asker.role == "caregiver" and (query.only_masked or query.folder_id):
        parts.append("false")  # what is hidden, and the person's own order, are not for helpers (T23)
    if query.only_from_holder:
        parts.append("author_kind = 'holder'")
    return " AND ".join(parts), params


def _fetch(standing: gate.Standing, sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    return send(f"{gate.level_sql(standing)}; {call(sql, params)}", COLUMN_TYPES)


def _count(where: str, params: list[Any]) -> int:
    return int(send(call(f"SELECT count(*) FROM documents_document WHERE {where}", params), (int,))[0][0])


def _cursor(standing: gate.Standing, last: Card) -> str:
    """Opaque and bound to the reader and the person: where the next page starts."""
    place = f"{last.made_at.timestamp():.6f}|{last.id}"
    mac = _mac(standing, place)
    return base64.urlsafe_b64encode(mac + place.encode()).decode().rstrip("=")


def _mac(standing: gate.Standing, place: str) -> bytes:
    return vault.find_key("cursor", f"{standing.actor.id}|{standing.person_id}|{place}")[:12]


def _place(standing: gate.Standing, cursor: str) -> tuple[datetime, UUID]:
    wrong = Invalid("cursor", "PAGE-1", "This page is not known.", "Start at the first page.")
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        mac, place = raw[:12], raw[12:].decode()
        stamp, _, item = place.partition("|")
        if not hmac.compare_digest(mac, _mac(standing, place)):
            raise wrong
        return datetime.fromtimestamp(float(stamp), tz=standing.at.tzinfo), UUID(item)
    except ValueError:
        raise wrong from None


def _after(standing: gate.Standing, query: ListQuery) -> tuple[str, list[Any]]:
    if not query.cursor:
        return "", []
    sign = ">" if query.oldest_first else "<"
    return f" AND (made_at, id) {sign} (%s, %s)", list(_place(standing, query.cursor))


def _offset_after(standing: gate.Standing, found: list[Card], cursor: str) -> int:
    if not cursor:
        return 0
    _, item = _place(standing, cursor)
    ids = [card.id for card in found]
    return ids.index(item) + 1 if item in ids else 0


def _seen_at(standing: gate.Standing, query: ListQuery) -> datetime | None:
    """When this reader last looked; without an earlier visit, the last month counts as new.

    A visit moves the mark, but not twice within half an hour: one sitting is one visit. It is
    written once a minute at most, so that two pages of one person do not wait for each other.
    """
    if not (query.is_visit or query.only_new):
        return None
    found = send(call(_LAST_VISIT, [standing.person_id, standing.actor.id]), (to_instant, to_instant))
    if query.is_visit and (not found or found[0][1] < standing.at - ONE_LOOK):
        values = [standing.person_id, new_id(), standing.actor.id, standing.at]
        found = send(call(_MARK_VISIT, values), (to_instant,))
    return found[0][0] if found and found[0][0] else standing.at - FIRST_VISIT_LOOKS_BACK


def has_documents(person_id: UUID) -> bool:
    """True when anything was ever filed for this person, in the person's context; for the worker."""
    return Document.objects.filter(person_id=person_id).exists()
