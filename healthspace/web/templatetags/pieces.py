"""The pieces pages are made of: icons, dates, sizes, dated places."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from healthspace.common import clock
from healthspace.terminology import reads as terminology
from healthspace.web import assets

register = template.Library()

NBSP = "\u00a0"
# colours of the badges; the picture itself comes with the category
SHADES = {"ORD_SOIN": "ord", "RADIO_SC": "img"}


@cache
def _icon(name: str, extra: str) -> SafeString:
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {extra}" if extra else "",
        assets.address("icons.svg"),
        name,
    )


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """One picture of the sprite; always beside words, so hidden from screen readers."""
    return _icon(name, extra)


@register.simple_tag
def asset(name: str) -> str:
    """The lasting address of a style sheet or font."""
    return assets.address(name)


@register.filter
def day(value: date | datetime | None) -> str:
    """A date in words: 18 November 2026, 1er décembre 2026."""
    if value is None:
        return ""
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    text = date_format(local, "j F Y")
    if local.day == 1 and (get_language() or "").startswith("fr"):
        return mark_safe(text.replace("1 ", f"1<sup>er</sup>{NBSP}", 1))  # noqa: S308
    return text.replace(" ", NBSP, 1)


@register.filter
def short_day(value: date | datetime | None) -> str:
    """A date for lists: 18 Nov, with its year when that is not this year."""
    if value is None:
        return ""
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    form = "j b" if local.year == clock.today().year else "j b Y"
    if (get_language() or "").startswith("fr"):
        form = form.replace("b", "N")
    return date_format(local, form).replace(" ", NBSP)


@register.filter
def hour(value: datetime) -> str:
    """A time of day: 8 h 42 in French, 8:42 am in English."""
    local = timezone.localtime(value)
    if (get_language() or "").startswith("fr"):
        return f"{local.hour}{NBSP}h{NBSP}{local.minute:02}"
    half = "am" if local.hour < 12 else "pm"
    return f"{(local.hour - 1) % 12 + 1}:{local.minute:02}{NBSP}{half}"


@register.filter
def moment(value: datetime | None) -> str:
    """An instant in words: today, 8:42 am; 18 November 2026, 8:42 am."""
    if value is None:
        return ""
    local = timezone.localtime(value).date()
    days = (clock.today() - local).days
    when = gettext("today") if days == 0 else gettext("yesterday") if days == 1 else day(local)
    return format_html("{}, {}", when, hour(value))


@register.filter
def iso(value: date | datetime | None) -> str:
    """The same date for machines."""
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else str(value or "")


@register.filter
def month(value: date | datetime) -> str:
    """The heading of a month: November 2026."""
    text = date_format(value, "F Y")
    return text[:1].upper() + text[1:]


@register.filter
def size(value: int) -> str:
    """A file's size in words people use: 148 kB, 1.2 MB."""
    if value < 1_000_000:
        number, unit = str(max(1, round(value / 1000))), gettext("kB")
    else:
        number, unit = number_format(round(value / 1_000_000, 1), 0 if value % 1_000_000 == 0 else 1), gettext("MB")
    return number + NBSP + unit


@register.filter
def age(born_on: date | None) -> str:
    """Years since birth; months below two years."""
    if born_on is None:
        return ""
    today = clock.today()
    years = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    if years >= 2:
        return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    months = (today.year - born_on.year) * 12 + today.month - born_on.month
    months -= today.day < born_on.day
    return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}


@register.filter
def figure(value: date | None) -> str:
    """A date in figures for professionals' tables: 18/11/2026."""
    return value.strftime("%d/%m/%Y") if value else ""


@register.filter
def initials(name: str) -> str:
    """Two letters for the round badge beside a name, titles left out."""
    words = [word for word in name.split() if word not in {"Dr", "Pr", "M.", "Mme"}]
    letters = [word[0] for word in words if word[0].isalpha()]
    return "".join([*letters[:1], *letters[-1:]][: len(letters) or 1]).upper()


@register.filter
def by_month(items: Iterable[Any], field: str) -> list[tuple[Any, list[Any]]]:
    """Items in runs of the same month, each run with its first date."""

    def key(item: Any) -> tuple[int, int]:
        value = getattr(item, field)
        return (value.year, value.month)

    runs = [list(run) for _, run in groupby(items, key)]
    return [(getattr(run[0], field), run) for run in runs]


@register.filter
def ins(matricule: str) -> str:
    """An INS number in its usual groups: 1 55 02 99 000 000 41."""
    if len(matricule) != 15:
        return matricule
    cuts = ((0, 1), (1, 3), (3, 5), (5, 7), (7, 10), (10, 13), (13, 15))
    return NBSP.join(matricule[start:end] for start, end in cuts)


@register.filter
def kind_label(type_code: str) -> str:
    """The plain name of a document type in the language of the page."""
    kind = terminology.document_types().get(type_code)
    if kind is None:
        return gettext("Document")
    return kind.plain_fr if (get_language() or "").startswith("fr") else kind.plain_en


@register.simple_tag
def badge(card: Any) -> SafeString:
    """The coloured square at the start of a document's line."""
    if card.is_from_holder:
        return format_html('<span class="ic me" aria-hidden="true">{}</span>', _icon("camera", ""))
    kind = terminology.document_types().get(card.type_code)
    name, shade = (kind.icon, SHADES.get(kind.category, "")) if kind else ("file-text", "")
    return format_html('<span class="ic {}" aria-hidden="true">{}</span>', shade, _icon(name, ""))


@register.simple_tag
def kind_icon(type_code: str) -> SafeString:
    """The picture of a document type."""
    kind = terminology.document_types().get(type_code)
    return _icon(kind.icon if kind else "file-text", "")


@register.simple_tag
def knot(card: Any) -> SafeString:
    """The picture on the thread for a document."""
    return _icon("camera", "") if card.is_from_holder else kind_icon(card.type_code)


@register.simple_tag
def sender(card: Any) -> str:
    """Who the document comes from, in a few words."""
    return gettext("Added by you") if card.is_from_holder else card.author_name or card.author_place
