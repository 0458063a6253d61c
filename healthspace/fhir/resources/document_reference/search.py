"""Search parameters of DocumentReference (PDSm, MHD ITI-67) towards a query of ours.

`date`, `period` and `creation` all compare with the date of care, the one a list is kept by:
service start, or creation of the document where no service is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from healthspace.documents.reads import ListQuery
from healthspace.fhir import codes, instants
from healthspace.fhir.exchange import Params
from healthspace.fhir.outcome import fault
from healthspace.fhir.resources import patient
from healthspace.people import reads as people

MAX_COUNT: Final = 50
DEFAULT_COUNT: Final = 20
MAX_TOKENS: Final = 50
DATES: Final = frozenset({"date", "period", "creation", "period-start", "PDSm_DocumentReference_period-start"})
PERSON: Final = frozenset({"patient", "subject", "patient.identifier", "subject.identifier", "patient:identifier"})
AUTHOR: Final = frozenset({"author.identifier", "author:identifier"})
_STATUSES: Final = {"current": ("current",), "superseded": ("superseded",), "entered-in-error": ()}
_EVERY_STATUS: Final = ("current", "superseded", "archived")
_PREFIXED: Final = re.compile(r"(eq|ge|gt|le|lt|sa|eb)?(\d{4}.*)", re.ASCII)
_NAME: Final = re.compile(r"[^A-Za-z0-9_.:\-]")


@dataclass(slots=True)
class Asked:
    """What a search asks for; filled while its parameters are read."""

    person_id: UUID | None = None
    types: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    statuses: tuple[str, ...] = ("current",)
    made_from: datetime | None = None
    made_before: datetime | None = None
    author_professional_id: UUID | None = None
    author_institution_id: UUID | None = None
    only_masked: bool = False
    oldest_first: bool = False
    count: int = DEFAULT_COUNT
    wants_total: bool = False
    is_count_only: bool = False
    is_impossible: bool = False
    unknown: list[str] = field(default_factory=list)

    def as_query(self, cursor: str) -> ListQuery:
        """The query of the room, from this place on."""
        return ListQuery(
            types=tuple(self.types),
            classes=tuple(self.classes),
            settings=tuple(self.settings),
            made_from=self.made_from,
            made_before=self.made_before,
            author_professional_id=self.author_professional_id,
            author_institution_id=self.author_institution_id,
            only_masked=self.only_masked,
            statuses=self.statuses,
            oldest_first=self.oldest_first,
            limit=max(1, self.count),
            cursor=cursor,
            with_total=self.wants_total,
        )


def parse(query: Params) -> Asked:
    """The parameters of a document search; 400 names the one that is malformed."""
    asked = Asked()
    _person(asked, query)
    for name, value in query:
        if name not in PERSON:
            _one(asked, name, value)
    return asked


def parse_lists(query: Params) -> Asked:
    """The parameters of a search for submission sets: the person, and paging."""
    asked = Asked(statuses=_EVERY_STATUS, count=MAX_COUNT)
    _person(asked, query)
    for name, value in query:
        if name == "code":
            system, _, code = value.rpartition("|")
            asked.is_impossible |= code != "submissionset" or system not in {"", codes.LIST_TYPES}
        elif name == "status":
            asked.is_impossible |= value != "current"
        elif name in {"_count", "_cursor", "_format", "_pretty"}:
            _one(asked, name, value)
        elif name not in PERSON:
            asked.unknown.append(name)
    return asked


def clean(name: str) -> str:
    """A parameter's name as it may be told back."""
    return _NAME.sub("?", name[:64])


def _person(asked: Asked, query: Params) -> None:
    """Every search names one person; the schema keeps each person's rows apart."""
    given = [(name, value) for name, value in query if name in PERSON]
    if not given:
        raise fault(400, "required", "A search names its patient.", expression="patient",
                    way_out="patient=<id of Patient>, or patient.identifier by POST _search.")  # fmt: skip
    found: set[UUID | None] = set()
    for name, value in given:
        if "identifier" in name:
            system, _, number = value.partition("|")
            found.add(patient.person_of(system, number) if system and number else None)
        else:
            found.add(_patient_id(value))
    asked.person_id = found.pop() if len(found) == 1 else None


def _patient_id(value: str) -> UUID | None:
    text = value.rsplit("Patient/", 1)[-1]
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def _one(asked: Asked, name: str, value: str) -> None:
    reader = _READERS.get(name)
    if reader is None:
        asked.unknown.append(name)
    else:
        reader(asked, name, value)


def _type(asked: Asked, _: str, value: str) -> None:
    _tokens(asked, asked.types, value, {codes.LOINC, codes.TYPES})


def _category(asked: Asked, _: str, value: str) -> None:
    _tokens(asked, asked.classes, value, {codes.CLASSES})


def _setting(asked: Asked, _: str, value: str) -> None:
    _tokens(asked, asked.settings, value, {codes.SETTINGS, codes.NOT_PROFESSIONAL})


def _archived(asked: Asked, _: str, value: str) -> None:
    asked.statuses = ("archived",) if value.rpartition("|")[2] == "true" else ("current",)


def _tokens(asked: Asked, found: list[str], value: str, systems: set[str]) -> None:
    """`code`, `system|code`, several by comma; a code of another system matches nothing."""
    parts = value.split(",")
    if len(parts) > MAX_TOKENS:
        raise fault(400, "too-long", f"At most {MAX_TOKENS} codes at once.")
    wanted = []
    for part in parts:
        system, separator, code = part.rpartition("|")
        if separator and not code:
            raise fault(400, "not-supported", "A system without a code is not searched for.")
        if code and (not separator or system in systems):
            wanted.append(code)
    if not wanted or (found and not set(found) & set(wanted)):
        asked.is_impossible = True
    found[:] = [code for code in wanted if code in found] if found else wanted


def _status(asked: Asked, _: str, value: str) -> None:
    found: list[str] = []
    for word in value.split(","):
        if word not in _STATUSES:
            raise fault(400, "value", "status is current, superseded or entered-in-error.", expression="status")
        found += _STATUSES[word]
    asked.statuses = tuple(dict.fromkeys(found))
    asked.is_impossible |= not found


def _label(asked: Asked, _: str, value: str) -> None:
    if value.rpartition("|")[2] != "MASQUE_PS":
        raise fault(400, "not-supported", "Only MASQUE_PS is searched for.", expression="security-label")
    asked.only_masked = True


def _date(asked: Asked, name: str, value: str) -> None:
    found = _PREFIXED.fullmatch(value)
    covered = instants.span(found[2]) if found else None
    if found is None or covered is None:
        raise fault(400, "value", "A date is written as in ge2026-01-31.", expression=name)
    first, after = covered
    prefix = found[1] or "eq"
    if prefix in {"eq", "ge"}:
        _narrow(asked, first, None)
    if prefix in {"gt", "sa"}:
        _narrow(asked, after, None)
    if prefix in {"eq", "le"}:
        _narrow(asked, None, after)
    if prefix in {"lt", "eb"}:
        _narrow(asked, None, first)


def _narrow(asked: Asked, first: datetime | None, after: datetime | None) -> None:
    if first is not None and (asked.made_from is None or first > asked.made_from):
        asked.made_from = first
    if after is not None and (asked.made_before is None or after < asked.made_before):
        asked.made_before = after


def _author(asked: Asked, _: str, value: str) -> None:
    system, _, number = value.partition("|")
    if system == codes.RPPS:
        professional = people.professional_by_rpps(number)
        asked.author_professional_id = professional.id if professional else None
        asked.is_impossible |= professional is None
    elif system == codes.FINESS:
        institution = people.institution_by_finess(number)
        asked.author_institution_id = institution.id if institution else None
        asked.is_impossible |= institution is None
    else:
        asked.is_impossible = True


def _count(asked: Asked, _: str, value: str) -> None:
    if not value.isascii() or not value.isdecimal() or len(value) > 9:
        raise fault(400, "value", "_count is a whole number.", expression="_count")
    asked.count = min(int(value), MAX_COUNT)
    asked.is_count_only |= asked.count == 0
    asked.wants_total |= asked.is_count_only


def _sort(asked: Asked, _: str, value: str) -> None:
    if value.lstrip("-") not in {"date", "period"} or value.count("-") > 1:
        raise fault(400, "not-supported", "Documents are sorted by date or -date.", expression="_sort")
    asked.oldest_first = not value.startswith("-")


def _total(asked: Asked, _: str, value: str) -> None:
    if value not in {"none", "estimate", "accurate"}:
        raise fault(400, "value", "_total is none, estimate or accurate.", expression="_total")
    asked.wants_total |= value == "accurate"


def _summary(asked: Asked, name: str, value: str) -> None:
    if value not in {"count", "false"}:
        asked.unknown.append(name)
    asked.is_count_only |= value == "count"
    asked.wants_total |= value == "count"


def _nothing(_: Asked, __: str, ___: str) -> None:
    """Read elsewhere, or without effect."""


_READERS: Final[dict[str, Callable[[Asked, str, str], None]]] = {
    "type": _type,
    "category": _category,
    "setting": _setting,
    "status": _status,
    "PDSm_isArchived": _archived,
    "security-label": _label,
    **dict.fromkeys(DATES, _date),
    **dict.fromkeys(AUTHOR, _author),
    "_count": _count,
    "_sort": _sort,
    "_total": _total,
    "_summary": _summary,
    **dict.fromkeys(("_cursor", "_format", "_pretty"), _nothing),
}
