"""FHIR R4 bundles: Patient gives the person, attachments and reports give documents, the rest entries."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson

from healthspace.documents.rules import Author, Order
from healthspace.journeys.loading import clinical_text
from healthspace.journeys.loading.fhir_words import attachment_type, coding_of, instant, sex_of, type_of
from healthspace.journeys.loading.parcels import Claim, Parcel, Unreadable
from healthspace.profile.rules import KEPT_TYPES
from healthspace.spaces.rules import Ins, Traits

Resource = Mapping[str, Any]
MAX_BUNDLE_BYTES: Final = 256 * 1024 * 1024
INS_SYSTEMS: Final = {
    f"urn:oid:{oid}": oid
    for oid in ("1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9", "1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11")
}
BORN_ABROAD: Final = "99999"
COUNTRIES: Final = {"US": "99404", "FR": ""}


@dataclass(frozen=True, slots=True)
class _Bundle:
    resources: tuple[Resource, ...]
    by_reference: Mapping[str, Resource]

    def find(self, reference: Mapping[str, Any] | None) -> Resource:
        return self.by_reference.get(str((reference or {}).get("reference", "")), {})


def read(path: Path) -> Iterator[Parcel]:
    """One parcel for each Patient of the bundle; `Unreadable` if it is none or names nobody."""
    bundle = _bundle(path)
    patients = [one for one in bundle.resources if one["resourceType"] == "Patient"]
    if not patients:
        raise Unreadable("bundle-without-patient")
    for patient in patients:
        yield _parcel(bundle, patient, is_alone=len(patients) == 1)


def _bundle(path: Path) -> _Bundle:
    if path.stat().st_size > MAX_BUNDLE_BYTES:
        raise Unreadable("bundle-too-large")
    try:
        content = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as fault:
        raise Unreadable("not-json") from fault
    if not isinstance(content, dict) or content.get("resourceType") != "Bundle":
        raise Unreadable("not-a-bundle")
    resources: list[Resource] = []
    by_reference: dict[str, Resource] = {}
    for entry in content.get("entry", []):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict) or "resourceType" not in resource:
            continue
        resources.append(resource)
        by_reference[f"{resource['resourceType']}/{resource.get('id', '')}"] = resource
        if entry.get("fullUrl"):
            by_reference[entry["fullUrl"]] = resource
    return _Bundle(tuple(resources), by_reference)


def _parcel(bundle: _Bundle, patient: Resource, *, is_alone: bool) -> Parcel:
    orders: list[Order] = []
    entries: list[Resource] = []
    drawn_from: dict[str, str] = {}
    passed_over = 0
    for resource in bundle.resources:
        if not is_alone and not _is_about(bundle, resource, patient):
            continue
        kind = resource["resourceType"]
        if kind in {"DocumentReference", "DiagnosticReport"}:
            made = _documents(bundle, resource)
            orders += made
            drawn_from |= _said_by(bundle, resource, made)
        if kind in KEPT_TYPES and resource.get("id"):
            entries.append(resource)
        elif kind != "DocumentReference":
            passed_over += 1
    return Parcel(claim_of(patient), tuple(orders), tuple(entries), passed_over, drawn_from)


def _said_by(bundle: _Bundle, report: Resource, made: list[Order]) -> dict[str, str]:
    """A report and its results follow the document made of them."""
    if not made or report["resourceType"] != "DiagnosticReport":
        return {}
    said = [report, *map(bundle.find, report.get("result", []))]
    return {f"{one['resourceType']}/{one.get('id', '')}": made[0].source_id for one in said if one}


def _is_about(bundle: _Bundle, resource: Resource, patient: Resource) -> bool:
    about = resource.get("subject") or resource.get("patient")
    return bundle.find(about) is patient if about else resource is patient


def claim_of(patient: Resource) -> Claim:
    """The person a Patient resource claims: INS if it has one, five traits, names in use."""
    names = [one for one in patient.get("name", []) if isinstance(one, dict)]
    official = next((one for one in names if one.get("use") == "official"), names[0] if names else {})
    maiden = next((one for one in names if one.get("use") == "maiden"), official)
    ins = None
    for identifier in patient.get("identifier", []):
        if identifier.get("system") in INS_SYSTEMS:
            ins = Ins(str(identifier["value"]), INS_SYSTEMS[identifier["system"]])
    traits = Traits(
        birth_name=str(maiden.get("family", "")),
        first_names=tuple(str(given) for given in official.get("given", [])),
        born_on=_birth(patient),
        sex=sex_of(str(patient.get("gender", ""))),
        birth_place=_birth_place(patient),
    )
    first = official.get("given") or [""]
    return Claim(ins, traits, str(official.get("family", "")), str(first[0]), str(patient.get("id", "")))


def _birth(patient: Resource) -> date:
    try:
        return date.fromisoformat(str(patient.get("birthDate", "")))
    except ValueError as fault:
        raise Unreadable("no-birth-date") from fault


def _birth_place(patient: Resource) -> str:
    for extension in patient.get("extension", []):
        address = extension.get("valueAddress", {})
        if str(extension.get("url", "")).endswith("patient-birthPlace"):
            insee = next(
                (one["valueCoding"]["code"] for one in address.get("extension", []) if "valueCoding" in one), ""
            )
            return str(insee or COUNTRIES.get(address.get("country", ""), "") or BORN_ABROAD)
    return BORN_ABROAD


def _documents(bundle: _Bundle, resource: Resource) -> list[Order]:
    key = "content" if resource["resourceType"] == "DocumentReference" else "presentedForm"
    attachments = [one.get("attachment", one) for one in resource.get(key, [])]
    orders = [_attached(bundle, resource, one, place) for place, one in enumerate(attachments)]
    if not orders and resource["resourceType"] == "DiagnosticReport":
        text = clinical_text.report(resource, [bundle.find(one) for one in resource.get("result", [])])
        return [_order(bundle, resource, text.encode(), "text/plain", place=0)]
    return orders


def _attached(bundle: _Bundle, resource: Resource, attachment: Resource, place: int) -> Order:
    held = attachment
    if "data" not in attachment:
        held = bundle.by_reference.get(str(attachment.get("url", "")), {})
    try:
        content = b64decode(str(held.get("data", "")), validate=True)
    except NotBase64 as fault:
        raise Unreadable("attachment-not-base64") from fault
    media_type = str(attachment.get("contentType") or held.get("contentType") or "text/plain").partition(";")[0]
    return _order(bundle, resource, content, media_type.strip(), place=place, title=str(attachment.get("title", "")))


def _order(
    bundle: _Bundle, resource: Resource, content: bytes, media_type: str, *, place: int, title: str = ""
) -> Order:
    coded = coding_of(resource.get("type") or resource.get("code") or {})
    made_at = instant(
        resource.get("date")
        or resource.get("effectiveDateTime")
        or resource.get("effectivePeriod", {}).get("start")
        or resource.get("issued")
    )
    named = title or str(resource.get("description", "")) or coded.label or "Document"
    return Order(
        type_code=type_of(resource, coded) if not title else attachment_type(resource, coded, media_type),
        title=" ".join(named.split())[:200],
        media_type=media_type,
        content=content,
        made_at=made_at,
        source_id=_source_id(resource, place),
        authors=_authors(bundle, resource),
        setting_code="AMBULATOIRE",
        language=str(resource.get("language", "")) or "en",
    )


def _source_id(resource: Resource, place: int) -> str:
    master = resource.get("masterIdentifier", {}).get("value")
    base = str(master or f"{resource['resourceType']}/{resource.get('id', '')}")
    return f"{base}#{place}" if place else base


def _authors(bundle: _Bundle, resource: Resource) -> tuple[Author, ...]:
    told = list(resource.get("author", [])) + list(resource.get("performer", []))
    encounter = bundle.find(resource.get("encounter") or (resource.get("context", {}).get("encounter") or [{}])[0])
    told += [one["individual"] for one in encounter.get("participant", []) if "individual" in one]
    place = bundle.find(encounter.get("serviceProvider"))
    people = [one for one in map(bundle.find, told) if one.get("resourceType") == "Practitioner"]
    name = _spoken(people[0]) if people else ""
    institution = str(place.get("name", "")).strip(" -")
    return (Author(name=name, institution=institution),) if name or institution else ()


def _spoken(practitioner: Resource) -> str:
    name = (practitioner.get("name") or [{}])[0]
    words = [*name.get("prefix", []), *name.get("given", []), name.get("family", "")]
    return " ".join(str(word) for word in words if word)
