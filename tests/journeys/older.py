"""Older records for tests: folders after IHE XDM, packed from documents given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape, quoteattr

from healthspace.journeys.taking import metadata as m

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><lcm:SubmitObjectsRequest'
    ' xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">'
    "<RegistryObjectList>"
)
FOOT = "</RegistryObjectList></lcm:SubmitObjectsRequest>"


@dataclass(frozen=True, slots=True)
class Paper:
    """One document of an older record."""

    content: bytes
    type_code: str = "11490-0"
    media_type: str = "application/pdf"
    title: str = "Lettre de sortie"
    unique_id: str = field(default_factory=lambda: f"2.25.{uuid4().int}")
    created: str = "20190302101500"
    confidentiality: tuple[str, ...] = ("N",)
    rpps: str = ""
    finess: str = ""
    by_patient: bool = False
    status: str = "Approved"
    replaces: str = ""
    digest: str = ""
    file: str = ""


def pack(folder: Path, ins: str, oid: str, papers: Sequence[Paper], **record: Any) -> Path:
    """Write one older record under a folder; `record` changes what RECORD.json says."""
    subset = folder / "IHE_XDM" / "SUBSET01"
    subset.mkdir(parents=True, exist_ok=True)
    entries = "".join(_entry(paper, number, ins, oid, subset) for number, paper in enumerate(papers, 1))
    by_id = {paper.unique_id: f"Document{number:02d}" for number, paper in enumerate(papers, 1)}
    links = "".join(
        f'<Association id="as{number}" associationType="{m.REPLACES}" sourceObject={quoteattr(by_id[paper.unique_id])}'
        f" targetObject={quoteattr(by_id[paper.replaces])}/>"
        for number, paper in enumerate(papers)
        if paper.replaces
    )
    (subset / "METADATA.XML").write_text(HEAD + entries + links + FOOT, encoding="utf-8")
    told = {"version": 1, "ins": ins, "oid": oid, "created_on": "2015-06-01", "state": "open"} | record
    (subset / "RECORD.json").write_text(json.dumps(told), encoding="utf-8")
    return subset


def _entry(paper: Paper, number: int, ins: str, oid: str, subset: Path) -> str:
    name = paper.file or f"DOC{number:05d}"
    if not paper.file:
        (subset / name).write_bytes(paper.content)
    patient = f"{ins}^^^&{oid}&ISO^NH"
    slots = {
        "creationTime": paper.created,
        "languageCode": "fr-FR",
        "sourcePatientId": patient,
        "hash": paper.digest or hashlib.sha1(paper.content, usedforsecurity=False).hexdigest(),
        "size": str(len(paper.content)),
        "URI": name,
    }
    codes = [
        (m.TYPE, paper.type_code),
        (m.SETTING, "ETABLISSEMENT"),
        (m.FACILITY, "SA01"),
        *((m.CONFIDENTIALITY, code) for code in paper.confidentiality),
    ]
    return (
        f'<ExtrinsicObject id="Document{number:02d}" mimeType={quoteattr(paper.media_type)}'
        f' status="urn:oasis:names:tc:ebxml-regrep:StatusType:{paper.status}">'
        + "".join(_slot(key, value) for key, value in slots.items())
        + f"<Name><LocalizedString value={quoteattr(paper.title)}/></Name>"
        + _author(paper, ins)
        + "".join(f'<Classification classificationScheme="{s}" nodeRepresentation={quoteattr(c)}/>' for s, c in codes)
        + f'<ExternalIdentifier identificationScheme="{m.UNIQUE_ID}" value={quoteattr(paper.unique_id)}/>'
        + f'<ExternalIdentifier identificationScheme="{m.PATIENT_ID}" value={quoteattr(patient)}/>'
        + "</ExtrinsicObject>"
    )


def _author(paper: Paper, ins: str) -> str:
    person = f"8{paper.rpps}^Nguyen^Linh^^^Dr^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"
    if paper.by_patient:
        person = f"{ins}^BENALI^AMINA^^^^^^&1.2.250.1.213.1.4.10&ISO^D^^^INS-NIR"
    place = f"Rivemont^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^1{paper.finess}" if paper.finess else ""
    return (
        f'<Classification classificationScheme="{m.AUTHOR}">'
        + _slot("authorPerson", person if paper.rpps or paper.by_patient else "")
        + _slot("authorInstitution", place)
        + _slot("authorSpecialty", "G15_10/SM54^Médecine générale^1.2.250.1.213.1.1.4.5")
        + "</Classification>"
    )


def _slot(name: str, value: str) -> str:
    return f'<Slot name="{name}"><ValueList><Value>{escape(value)}</Value></ValueList></Slot>' if value else ""
