"""Who made, signed and whom a document is about: references of FHIR towards our own words.

References are looked for in the resource and its bundle only; nothing is ever fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, Literal

from healthspace.documents.rules import Author
from healthspace.fhir import codes
from healthspace.spaces.rules import Traits

Json = Mapping[str, Any]
Resolve = Callable[[str], Json | None]
_SEX: Final[dict[str, Literal["M", "F", "U"]]] = {"male": "M", "female": "F"}


def contained_in(resource: Json, outer: Resolve | None = None) -> Resolve:
    """Finds `#id` among the contained resources, anything else in the bundle around."""
    inner = {f"#{child['id']}": child for child in resource.get("contained", ()) if "id" in child}

    def resolve(reference: str) -> Json | None:
        if reference.startswith("#"):
            return inner.get(reference)
        return outer(reference) if outer else None

    return resolve


def author(reference: Json, resolve: Resolve) -> Author | None:
    """The author a reference leads to; None when it names nobody we can tell."""
    target = resolve(str(reference.get("reference", ""))) or {}
    match target.get("resourceType"):
        case "PractitionerRole":
            found = _role(target, resolve)
        case "Practitioner":
            found = _practitioner(target)
        case "Organization":
            found = Author(institution=_text(target.get("name")), finess=_finess(_identifiers(target)))
        case "Device":
            names = target.get("deviceName") or [{}]
            found = Author(name=_text(names[0].get("name")))
        case _:
            found = _logical(reference)
    return found if found != Author() else None


def logical(reference: Json, resolve: Resolve) -> dict[str, Any] | None:
    """A reference cut to what stays true without its target: identifier and name."""
    who = author(reference, resolve)
    if who is None:
        return None
    kept: dict[str, Any] = {"display": who.name or who.institution} if who.name or who.institution else {}
    if who.rpps:
        kept["identifier"] = {"system": codes.RPPS, "value": who.rpps}
    elif who.finess:
        kept["identifier"] = {"system": codes.FINESS, "value": who.finess}
    return kept


def traits(patient: Json) -> Traits | None:
    """The strict traits of a Patient; None unless name, first name and whole birth date are there."""
    name = _birth_name(patient)
    family, given = _text(name.get("family")), tuple(str(part) for part in name.get("given", ()))
    listed = _extension(name, codes.BIRTH_FIRST_NAMES).get("valueString")
    if listed:
        given = tuple(str(listed).split())
    try:
        born_on = date.fromisoformat(str(patient.get("birthDate", "")))
    except ValueError:
        return None
    if not family or not given:
        return None
    sex = _SEX.get(str(patient.get("gender", "")), "U")
    return Traits(birth_name=family, first_names=given, born_on=born_on, sex=sex, birth_place=_birth_place(patient))


def _birth_name(patient: Json) -> Json:
    names: list[Json] = list(patient.get("name", ()))
    official = [name for name in names if name.get("use") in {"official", "maiden"}]
    return (official or names or [{}])[0]


def _birth_place(patient: Json) -> str:
    address = _extension(patient, codes.BIRTH_PLACE).get("valueAddress")
    if not isinstance(address, dict):
        return ""
    return _text(_extension(address, codes.INSEE_CODE).get("valueCoding", {}).get("code"))


def _extension(element: Json, url: str) -> Json:
    return next((part for part in element.get("extension", ()) if part.get("url") == url), {})


def _role(role: Json, resolve: Resolve) -> Author:
    person = resolve(str(role.get("practitioner", {}).get("reference", "")))
    place = resolve(str(role.get("organization", {}).get("reference", "")))
    who = _practitioner(person) if person else _logical(role.get("practitioner", {}))
    where = place or {}
    specialties = [coding.get("code", "") for concept in role.get("specialty", ()) for coding in codes.codings(concept)]
    return Author(
        name=who.name,
        rpps=who.rpps or _rpps(_identifiers(role)),
        specialty=next(iter(specialties), ""),
        institution=_text(where.get("name")) or _text(role.get("organization", {}).get("display")),
        finess=_finess(_identifiers(where)),
    )


def _practitioner(person: Json) -> Author:
    names: list[Json] = list(person.get("name", ())) or [{}]
    name = names[0]
    plain = " ".join([*name.get("given", ()), _text(name.get("family"))]).strip()
    return Author(name=_text(name.get("text")) or plain, rpps=_rpps(_identifiers(person)))


def _logical(reference: Json) -> Author:
    identifiers = [reference["identifier"]] if "identifier" in reference else []
    rpps, finess = _rpps(identifiers), _finess(identifiers)
    display = _text(reference.get("display"))
    if finess and not rpps:
        return Author(institution=display, finess=finess)
    return Author(name=display, rpps=rpps)


def _identifiers(resource: Json) -> list[Json]:
    return list(resource.get("identifier", ()))


def _rpps(identifiers: list[Json]) -> str:
    """RPPS as such, or behind the `8` of the national person number (TRE_G08)."""
    for identifier in identifiers:
        value = _text(identifier.get("value"))
        if identifier.get("system") == codes.RPPS:
            return value
        if identifier.get("system") == codes.NATIONAL_PERSON and value.startswith("8") and len(value) == 12:
            return value[1:]
    return ""


def _finess(identifiers: list[Json]) -> str:
    """FINESS as such, or behind the `1` of the national structure number."""
    for identifier in identifiers:
        value = _text(identifier.get("value"))
        if identifier.get("system") == codes.FINESS:
            return value
        if identifier.get("system") == codes.NATIONAL_PLACE and value.startswith("1") and len(value) == 10:
            return value[1:]
    return ""


def _text(value: Any) -> str:
    return value.strip()[:255] if isinstance(value, str) else ""
