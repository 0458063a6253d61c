"""The history of reimbursed care as both audiences see it: by category, by month, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from healthspace.profile import reads as profile
from healthspace.profile.rules import CareLine

PER_PAGE: Final = 50
MOST_PAGES: Final = 1000


@dataclass(frozen=True, slots=True)
class Shown:
    """One line, in the language of the page."""

    on: date
    label: str
    category: str
    icon: str
    provider: str
    place: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One category that there are lines of, with how many."""

    label: str
    icon: str
    count: int
    address: str
    is_current: bool


def shown(lines: Sequence[CareLine], given: Any) -> dict[str, Any]:
    """What a page shows: choices by category, the lines of this page, the way on."""
    categories = profile.categories()
    chosen = given.get("category", "")
    chosen = chosen if chosen in categories else ""
    kept = [line for line in lines if not chosen or line.category == chosen]
    page = _page(given.get("page", ""))
    own = kept[(page - 1) * PER_PAGE : page * PER_PAGE]
    return {
        "choices": _choices(lines, chosen),
        "chosen": chosen,
        "heading": _heading(len(kept), label(chosen) if chosen else ""),
        "lines": [_shown(line) for line in own],
        "next_page": _address(chosen, page + 1) if len(kept) > page * PER_PAGE else "",
        "is_later_page": page > 1,
        "first_page": _address(chosen, 1),
    }


def label(code: str) -> str:
    """The name of a category in the language of the page."""
    return profile.categories()[code].label(get_language() or "fr")


def _page(text: str) -> int:
    return min(max(int(text), 1), MOST_PAGES) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def _choices(lines: Sequence[CareLine], chosen: str) -> list[Choice]:
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.category] = counts.get(line.category, 0) + 1
    found = [
        Choice(label(code), category.icon, counts[code], _address(code, 1), code == chosen)
        for code, category in profile.categories().items()
        if code in counts
    ]
    return [Choice(_("All care"), "history", len(lines), _address("", 1), not chosen), *found] if found else []


def _heading(count: int, category: str) -> str:
    told = ngettext("%(count)d line", "%(count)d lines", count) % {"count": count}
    return f"{category}, {told}" if category else told


def _address(category: str, page: int) -> str:
    given = {"category": category} if category else {}
    if page > 1:
        given["page"] = str(page)
    return "?" + urlencode(given)


def _shown(line: CareLine) -> Shown:
    category = profile.categories()[line.category]
    return Shown(line.on, line.label, label(line.category), category.icon, line.provider, line.place, line.quantity)
