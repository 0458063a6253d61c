"""The patient of a page: banner, recently opened records, pages of one audience."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render as django_render
from django.utils.translation import gettext as _

from healthspace.access import reads as access
from healthspace.common import clock
from healthspace.common.errors import Invalid, Refused
from healthspace.spaces import reads as spaces
from healthspace.spaces import rules as identities
from healthspace.spaces.rules import Identity, Ins
from healthspace.web.middleware import WebRequest

MAJORITY: Final = 18
RECENT: Final = 10


@dataclass(frozen=True, slots=True)
class Banner:
    """Who is shown, on top of every page of a record."""

    id: UUID
    family: str
    first: str
    sex: str
    born_on: date
    matricule: str
    is_qualified: bool
    is_minor: bool


def banner(person_id: UUID, identity: Identity) -> Banner:
    """The banner of that identity."""
    traits = identity.traits
    sexes = {"M": _("man"), "F": _("woman"), "U": _("sex not known")}
    return Banner(
        id=person_id,
        family=(identity.used_name or traits.birth_name).upper(),
        first=identity.used_first_name or traits.first_names[0].title(),
        sex=sexes[traits.sex],
        born_on=traits.born_on,
        matricule=identity.ins.matricule,
        is_qualified=identity.status == "qualified",
        is_minor=years(traits.born_on, clock.today()) < MAJORITY,
    )


def years(born_on: date, on: date) -> int:
    """Whole years between two dates."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def of(request: WebRequest, person_id: UUID) -> Banner:
    """The banner for a professional who may consult; Refused otherwise."""
    return banner(person_id, access.identity(actor=request.actor, person_id=person_id))


def remember(request: WebRequest, person_id: UUID) -> None:
    """Keep the record in the list of this session: ids only."""
    kept = [str(person_id), *(one for one in request.session.get("recent", []) if one != str(person_id))]
    if kept[:RECENT] != request.session.get("recent"):
        request.session["recent"] = kept[:RECENT]


def recent(request: WebRequest) -> list[Banner]:
    """Records opened since the sign-in that would still open now."""
    found = []
    for one in request.session.get("recent", []):
        try:
            found.append(of(request, UUID(one)))
        except Refused:
            continue
    return found


def find(request: WebRequest, matricule: str) -> access.Patient:
    """The patient of this number under any authority taken here; Refused, Invalid when badly formed."""
    parsed = _parsed(matricule)
    for ins in parsed:
        try:
            return access.find_patient(actor=request.actor, ins=ins)
        except Refused:
            continue
    raise Refused


def _parsed(matricule: str) -> list[Ins]:
    authorities = [identities.NIR_OID, identities.NIA_OID]
    if spaces.accepts_tests():
        authorities += sorted(identities.TEST_AUTHORITIES)
    parsed, wrong = [], Invalid("matricule", "INS-FORM", "")
    for oid in authorities:
        try:
            parsed.append(spaces.parse_ins(matricule, oid))
        except Invalid as fault:
            wrong = fault if fault.rule == "INS-KEY" else wrong
    if not parsed:
        raise wrong
    return parsed


def ins_fault(fault: Invalid) -> str:
    """What is wrong with a number, for its field."""
    if fault.rule == "INS-KEY":
        return _("The key of this number is wrong. Read the 15 digits again.")
    return _("This is not an INS number. It has 15 digits.")


def ins_of(matricule: str) -> Ins:
    """The number under the first authority it fits; Invalid when it fits none."""
    known = [ins for ins in _parsed(matricule) if spaces.find_person(ins) is not None]
    return (known or _parsed(matricule))[0]


def render(request: WebRequest, template: str, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the professionals' door."""
    return django_render(request, f"web/professional/{template}.html", shown, status=status)
