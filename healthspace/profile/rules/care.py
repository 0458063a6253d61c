"""Rules of the history of reimbursed care, in plain Python (domain 3.2: by category, 24 months)."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Final

import orjson

from healthspace.common.errors import Invalid

CARE_MONTHS: Final = 24
TEXT_LIMIT: Final = 200
MOST_UNITS: Final = 9999
TEXTS: Final = ("label", "code", "provider", "place", "reference")


@dataclass(frozen=True, slots=True)
class CareLine:
    """One act, medicine, stay ... that the insurer paid for.

    `category` is a code of data/care_categories.json, `code` that of the nomenclature (CCAM, CIP ...),
    `provider` who gave the care, `reference` the insurer's own number of the line. "" is not known.
    """

    on: date
    category: str
    label: str
    code: str = ""
    quantity: int = 1
    provider: str = ""
    place: str = ""
    reference: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it this line and no other: the insurer's number, else all it says."""
        return (self.reference,) if self.reference else _cells(self)


_cells: Final[Callable[[CareLine], tuple[object, ...]]] = attrgetter(*(field.name for field in fields(CareLine)))
_latest_first: Final = attrgetter("on", "category", "label", "reference")


def first_day(today: date) -> date:
    """The first day that is still kept: 24 months back."""
    year, month = divmod(today.year * 12 + today.month - 1 - CARE_MONTHS, 12)
    return date(year, month + 1, min(today.day, 28))


def check_line(line: CareLine, *, categories: frozenset[str], today: date) -> None:
    """Invalid, with the field, for a line that cannot be shown to anybody as it is."""
    if line.category not in categories:
        raise Invalid("category", "CARE-1", "This category of care is not known.", "Use a code of the documented list.")
    if line.on > today:
        raise Invalid("on", "CARE-2", "Care cannot be reimbursed before it is given.", "Check the year.")
    if not line.label.strip():
        raise Invalid("label", "CARE-3", "The line does not say what was reimbursed.", "Give the label of the act.")
    if not 1 <= line.quantity <= MOST_UNITS:
        raise Invalid("quantity", "CARE-4", f"A quantity goes from 1 to {MOST_UNITS}.", "Check the quantity.")
    for field in TEXTS:
        text = getattr(line, field)
        if len(text) > TEXT_LIMIT or not text.isprintable():
            raise Invalid(field, "CARE-5", f"A text has at most {TEXT_LIMIT} characters on one line.", "Shorten it.")


def merged(known: Sequence[CareLine], given: Iterable[CareLine], *, since: date) -> tuple[CareLine, ...]:
    """Known and given lines together, each once, latest first; what is older than `since` is gone.

    A line given again under the same reference takes the place of the one known.
    """
    found = {line.key: line for line in known if line.on >= since}
    found |= {line.key: line for line in given if line.on >= since}
    return tuple(sorted(found.values(), key=_latest_first, reverse=True))


def pack(lines: Sequence[CareLine]) -> bytes:
    """The lines as they are sealed: JSON, made small."""
    return zlib.compress(orjson.dumps(list(map(_cells, lines))), 6)


def unpack(packed: bytes) -> tuple[CareLine, ...]:
    """The lines that `pack` put together; none from nothing."""
    if not packed:
        return ()
    return tuple(CareLine(date.fromisoformat(row[0]), *row[1:]) for row in orjson.loads(zlib.decompress(packed)))
