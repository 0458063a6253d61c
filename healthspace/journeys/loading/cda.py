"""CDA R2 documents: the header gives the order; the reader in its own process gives the header."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from healthspace.common.errors import TooLarge
from healthspace.documents.adapters import inspect
from healthspace.documents.ports import CdaHeader, Limits, Party, Patient
from healthspace.documents.rules import VISIBILITY_CODES, Author, Order
from healthspace.journeys.loading.fhir_words import sex_of
from healthspace.journeys.loading.parcels import Claim, Parcel, Unreadable
from healthspace.spaces.rules import Ins, Traits
from healthspace.terminology import reads as terminology

MEDIA_TYPE = "text/xml"
AUTHORITIES = frozenset({"1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9", "1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11"})


def read(path: Path) -> Iterator[Parcel]:
    """The one document of the file; `Unreadable` or `Invalid` if it is no CDA of one patient."""
    if path.stat().st_size > settings.MAX_DOCUMENT_BYTES:
        raise TooLarge(settings.MAX_DOCUMENT_BYTES)
    content = path.read_bytes()
    header = inspect.inspect(content, MEDIA_TYPE, limits=Limits(max_bytes=settings.MAX_DOCUMENT_BYTES)).cda
    if header is None:
        raise Unreadable("not-cda")
    yield Parcel(claim_of(header.patient), (order_of(header, content),))


def order_of(header: CdaHeader, content: bytes) -> Order:
    """What the header says of the document, as an order without a person."""
    made_at = header.made_at or header.service_start
    if made_at is None:
        raise Unreadable("no-date")
    kind = terminology.document_type(header.type.code)
    title = " ".join((header.title or header.type.display or kind.fr).split())
    codes = frozenset(one.code for one in header.confidentiality)
    replaced = next((one.identifier for one in header.parents if one.relation == "RPLC"), None)
    return Order(
        type_code=kind.code,
        title=title[:200],
        media_type=MEDIA_TYPE,
        content=content,
        made_at=made_at,
        source_id=header.source_id,
        service_start=_past(header.service_start, made_at),
        service_stop=_past(header.service_stop, made_at),
        authors=tuple(_author(one) for one in header.authors),
        setting_code=header.setting_code,
        facility_code=header.facility_code,
        language=header.language or "fr-FR",
        confidentiality=codes & VISIBILITY_CODES,
        replaces=f"{replaced.root}^{replaced.extension}".rstrip("^") if replaced else "",
    )


def _past(moment: datetime | None, made_at: datetime) -> datetime | None:
    """A service that is announced for later than its document counts as that of the document."""
    return None if moment is None else min(moment, made_at)


def _author(party: Party) -> Author:
    return Author(
        name=party.name or party.software,
        rpps=party.rpps,
        specialty=party.specialty.code if party.specialty else "",
        institution=party.organization_name,
        finess=party.finess,
    )


def claim_of(patient: Patient) -> Claim:
    """INS and strict traits of the header's patient."""
    numbers = [one for one in patient.identifiers if one.root in AUTHORITIES]
    if patient.born_on is None or not patient.birth_name:
        raise Unreadable("no-traits")
    traits = Traits(
        birth_name=patient.birth_name,
        first_names=patient.first_names,
        born_on=patient.born_on,
        sex=sex_of(patient.sex),
        birth_place=patient.birth_place,
    )
    first = patient.used_first_name or (patient.first_names[0] if patient.first_names else "")
    ins = Ins(numbers[0].extension, numbers[0].root) if numbers else None
    other = patient.identifiers[0].extension if patient.identifiers else ""
    return Claim(ins, traits, patient.used_name or patient.birth_name, first, other)
