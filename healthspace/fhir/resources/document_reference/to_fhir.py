"""A card of ours towards a PDSm DocumentReference (MHD Comprehensive)."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import orjson

from healthspace.documents.reads import Card
from healthspace.documents.rules import Author
from healthspace.fhir import codes, instants, logical_ids
from healthspace.fhir.resources.document_reference import labels
from healthspace.terminology import reads as terminology

Json = dict[str, Any]
_STATUS = {"current": "current", "archived": "current", "superseded": "superseded"}


def resource(card: Card) -> Json:
    """The DocumentReference of a card; its reader is the one the card was made for."""
    kept = _kept(card)
    own_id = logical_ids.encode(card.person_id, card.id)
    contained, authors = _authors(card)
    subject = {"reference": f"Patient/{card.person_id}"}
    found: Json = {"resourceType": "DocumentReference", "id": own_id, "meta": _meta(card, kept)}
    if contained:
        found["contained"] = contained
    if card.status == "archived":
        found["extension"] = [{"url": codes.IS_ARCHIVED, "valueBoolean": True}]
    found["masterIdentifier"] = {"system": codes.UNIQUE_ID, "value": card.sheet.source_id}
    found |= {name: kept[name] for name in ("identifier", "docStatus") if name in kept}
    found["status"] = _STATUS.get(card.status, "entered-in-error")
    found["type"] = _type(card.type_code)
    found["category"] = [_class(card.class_code)]
    found["subject"] = subject
    found["date"] = instants.told(card.made_at)
    found["author"] = authors
    found |= {name: kept[name] for name in ("authenticator",) if name in kept}
    found["custodian"] = kept.get("custodian") or {"display": "healthspace"}
    if card.replaces_id:
        found["relatesTo"] = [_replaces(card)]
    if card.sheet.description:
        found["description"] = card.sheet.description
    found["securityLabel"] = labels.told(card)
    found["content"] = [{"attachment": _attachment(card, own_id, kept), "format": _format(card, kept)}]
    found["context"] = _context(card, kept, subject)
    return found


def etag(version: int) -> str:
    """The weak validator of a version (RFC 9110, 8.8.3), as FHIR wants it."""
    return f'W/"{version}"'


def headers(card: Card) -> dict[str, str]:
    """Version and time of last change, for HTTP."""
    return {"ETag": etag(card.version), "Last-Modified": instants.http_date(card.changed_at)}


def _kept(card: Card) -> Json:
    text = card.sheet.extras.get("fhir")
    kept: Json = orjson.loads(text) if text else {}
    return kept


def _meta(card: Card, kept: Json) -> Json:
    meta: Json = {"versionId": str(card.version), "lastUpdated": instants.told(card.changed_at)}
    if "sha1" in kept:  # the profile asks for a SHA-1, which only deposits by this door have
        meta["profile"] = [codes.COMPREHENSIVE]
    return meta


def _attachment(card: Card, own_id: str, kept: Json) -> Json:
    found: Json = {
        "contentType": card.media_type,
        "language": card.sheet.language,
        "url": f"Binary/{own_id}",
        "size": card.size,
    }
    if "sha1" in kept:
        found["hash"] = kept["sha1"]
    found["title"] = card.original_title
    found["creation"] = kept.get("creation") or instants.told(card.made_at)
    return found


def _format(card: Card, kept: Json) -> Json:
    if "format" in kept:
        given: Json = kept["format"]
        return given
    code, _ = terminology.format_of(media_type=card.media_type)
    return {"system": codes.FORMATS, "code": code}


def _context(card: Card, kept: Json, subject: Json) -> Json:
    period = {"start": instants.told(card.sheet.service_start or card.made_at)}
    if card.sheet.service_stop:
        period["end"] = instants.told(card.sheet.service_stop)
    found: Json = {"period": period} if "event" not in kept else {"event": kept["event"], "period": period}
    if card.sheet.facility_code:
        found["facilityType"] = _facility(card.sheet.facility_code)
    if card.setting_code:
        found["practiceSetting"] = _setting(card.setting_code)
    found["sourcePatientInfo"] = subject
    if "related" in kept:
        found["related"] = kept["related"]
    return found


def _replaces(card: Card) -> Json:
    old_id = logical_ids.encode(card.person_id, card.replaces_id) if card.replaces_id else ""
    return {"code": "replaces", "target": {"reference": f"DocumentReference/{old_id}"}}


def _authors(card: Card) -> tuple[list[Json], list[Json]]:
    """Contained authors and the references to them; the patient where nobody else is named."""
    contained: list[Json] = []
    references: list[Json] = []
    for number, author in enumerate(card.sheet.authors, start=1):
        parts = _author(author, number)
        contained += parts
        references.append({"reference": f"#{parts[-1]['id']}"})
    if not references:
        known = {"reference": f"Patient/{card.person_id}"} if card.is_from_holder else {"display": "?"}
        references.append(known)
    return contained, references


def _author(author: Author, number: int) -> list[Json]:
    parts: list[Json] = []
    if author.name or author.rpps:
        person: Json = {"resourceType": "Practitioner", "id": f"p{number}"}
        if author.rpps:
            person["identifier"] = [{"system": codes.RPPS, "value": author.rpps}]
        if author.name:
            person["name"] = [{"text": author.name}]
        parts.append(person)
    if author.institution or author.finess:
        place: Json = {"resourceType": "Organization", "id": f"o{number}"}
        if author.finess:
            place["identifier"] = [{"system": codes.FINESS, "value": author.finess}]
        if author.institution:
            place["name"] = author.institution
        parts.append(place)
    if len(parts) == 2:
        role: Json = {"resourceType": "PractitionerRole", "id": f"r{number}"}
        role["practitioner"] = {"reference": f"#p{number}"}
        role["organization"] = {"reference": f"#o{number}"}
        if author.specialty:
            role["specialty"] = [{"coding": [{"code": author.specialty}]}]
        parts.append(role)
    return parts


# The concepts of a release never change; each is made once and only ever written out.
@cache
def _type(code: str) -> Json:
    return codes.concept(codes.type_system(code), code, terminology.document_type(code).fr)


@cache
def _class(code: str) -> Json:
    known = terminology.classes().get(code)
    return codes.concept(codes.CLASSES, code, known.fr if known else "")


@lru_cache(maxsize=256)
def _facility(code: str) -> Json:
    return codes.concept(codes.facility_system(code), code)


@lru_cache(maxsize=256)
def _setting(code: str) -> Json:
    return codes.concept(codes.setting_system(code), code)
