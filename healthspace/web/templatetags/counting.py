"""Numbers on the operator's pages: grouped as the language does, small ones in words."""

from collections.abc import Mapping, Sequence

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext

from healthspace.enrolment.rules import numbers as rules

register = template.Library()
NNBSP = "\u202f"


@register.filter
def count(number: int | None) -> str:
    """12,345 or 12 345; in words when it is not told, being small or beside a small one."""
    if number is None:
        return gettext("not told")
    return number_format(number, 0, use_l10n=True, force_grouping=True)


@register.filter
def tally(number: int | None) -> str:
    """The same for a number that stands alone: what is not told is small."""
    return gettext("under 10") if number is None else count(number)


@register.filter(name="sum")
def sum_of(number: int) -> str:
    """A number of letters or people that stands alone: 1 to 9 is told as small."""
    return tally(number if rules.is_told(number) else None)


@register.filter
def percent(rate: float | None, digits: int) -> str:
    """A rate in percent, or a dash when it cannot be told."""
    return "–" if rate is None else number_format(round(rate, digits), digits) + NNBSP + "%"


@register.filter
def plain(number: float) -> str:
    """A number for a drawing, the same in every language."""
    return f"{number:g}"


@register.filter
def of(cells: Mapping[str, int], key: str) -> int:
    """The number of that group."""
    return cells[key]


@register.filter
def plus(one: int, other: int) -> int:
    """The sum."""
    return one + other


@register.filter
def last_of(items: Sequence[object]) -> object:
    """The `on` of the last day."""
    return getattr(items[-1], "on", items[-1])


@register.filter
def pairs(legend: Sequence[tuple[str, str]], cells: Sequence[int | None]) -> list[tuple[str, int | None]]:
    """The names of a legend with the numbers in the same order."""
    return [(name, cell) for (_group, name), cell in zip(legend, cells, strict=True)]
