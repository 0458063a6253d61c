"""METADATA.XML of an XDM folder: ebRIM of IHE ITI-32, read into what we file (docs/older-records.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from lxml import etree

from healthspace.documents.rules import Author
from healthspace.journeys.loading.parcels import Unreadable

RIM: Final = {"r": "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"}
DEPRECATED: Final = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
REPLACES: Final = "urn:ihe:iti:2007:AssociationType:RPLC"
AUTHOR: Final = "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d"
TYPE: Final = "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"
CONFIDENTIALITY: Final = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"
SETTING: Final = "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead"
FACILITY: Final = "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1"
UNIQUE_ID: Final = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
PATIENT_ID: Final = "urn:uuid:58a6f841-87b3-4a3e-a92c-a8ffeff98427"
MOST_BYTES: Final = 64 * 1024 * 1024
DECLARED: Final = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
SIZE: Final = re.compile(r"\d{1,15}", re.ASCII)
INSTANT: Final = re.compile(r"\d{8}(\d{2}){0,3}", re.ASCII)
LAW_ZONE: Final = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Entry:
    """One document as METADATA.XML describes it; `key` is its name inside the file, `replaces` another's."""

    key: str
    unique_id: str
    patient: str
    file: Path
    media_type: str
    title: str
    type_code: str
    setting_code: str
    facility_code: str
    language: str
    created_at: datetime
    service_start: datetime | None
    service_stop: datetime | None
    confidentiality: frozenset[str]
    authors: tuple[Author, ...]
    is_by_patient: bool
    is_superseded: bool
    digest: str
    size: int
    replaces: str


def read(path: Path) -> list[Entry]:
    """Every document of the folder, a replaced one before what replaces it; `Unreadable` when it is no such file."""
    root = _root(path)
    replaces = {
        one.get("sourceObject", ""): one.get("targetObject", "")
        for one in root.iterfind(".//r:Association", RIM)
        if one.get("associationType") == REPLACES
    }
    entries = [_entry(one, path.parent, replaces) for one in root.iterfind(".//r:ExtrinsicObject", RIM)]
    if len({entry.key for entry in entries}) != len(entries):
        raise Unreadable("id-twice")
    return _oldest_first(entries)


def _root(path: Path) -> etree._Element:
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable("metadata-too-large")
    content = path.read_bytes()
    if DECLARED.search(content):
        raise Unreadable("metadata-doctype")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unreadable("metadata-not-xml") from None
    if root.getroottree().docinfo.internalDTD is not None:  # written in another encoding
        raise Unreadable("metadata-doctype")
    return root


def _oldest_first(entries: list[Entry]) -> list[Entry]:
    """Each document once, after what it replaces; versions that replace each other in a circle end it."""
    by_key = {entry.key: entry for entry in entries}
    done: dict[str, Entry] = {}
    for entry in entries:
        chain: dict[str, Entry] = {}
        one: Entry | None = entry
        while one is not None and one.key not in done and one.key not in chain:
            chain[one.key] = one
            one = by_key.get(one.replaces)
        done.update(reversed(chain.items()))
    return list(done.values())


def _entry(node: etree._Element, folder: Path, replaces: Mapping[str, str]) -> Entry:
    slots, key = _slots(node), node.get("id", "")
    codes = _codes(node)
    created_at = _instant(slots.get("creationTime", ""))
    if created_at is None:
        raise Unreadable("no-date")
    authors = [_author(one) for one in _classified(node, AUTHOR)]
    return Entry(
        key=key,
        unique_id=_identifier(node, UNIQUE_ID),
        patient=_identifier(node, PATIENT_ID) or slots.get("sourcePatientId", ""),
        file=_file(folder, slots.get("URI", "")),
        media_type=node.get("mimeType", ""),
        title=_title(node),
        type_code=next(iter(codes.get(TYPE, ())), ""),
        setting_code=next(iter(codes.get(SETTING, ())), ""),
        facility_code=next(iter(codes.get(FACILITY, ())), ""),
        language=slots.get("languageCode", "") or "fr-FR",
        created_at=created_at,
        service_start=_instant(slots.get("serviceStartTime", "")),
        service_stop=_instant(slots.get("serviceStopTime", "")),
        confidentiality=frozenset(code.strip().upper() for code in codes.get(CONFIDENTIALITY, ()) if code.strip()),
        authors=tuple(author for author, _is_patient in authors),
        is_by_patient=any(is_patient for _author_, is_patient in authors[:1]),
        is_superseded=node.get("status", "") == DEPRECATED,
        digest=slots.get("hash", "").lower(),
        size=_size(slots.get("size", "")),
        replaces=replaces.get(key, ""),
    )


def _size(text: str) -> int:
    """Bytes as the metadata say; -1 when they do not say."""
    if text and not SIZE.fullmatch(text):
        raise Unreadable("size")
    return int(text) if text else -1


def _file(folder: Path, name: str) -> Path:
    """The document's file, which lies in the folder of its METADATA.XML and nowhere else."""
    found = (folder / name).resolve()
    if not name or not found.is_relative_to(folder.resolve()):
        raise Unreadable("file-outside")
    return found


def _slots(node: etree._Element) -> dict[str, str]:
    return {
        one.get("name", ""): (one.findtext("r:ValueList/r:Value", "", RIM) or "").strip()
        for one in node.iterfind("r:Slot", RIM)
    }


def _classified(node: etree._Element, scheme: str) -> list[etree._Element]:
    return [one for one in node.iterfind("r:Classification", RIM) if one.get("classificationScheme") == scheme]


def _codes(node: etree._Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in node.iterfind("r:Classification", RIM):
        found.setdefault(one.get("classificationScheme", ""), []).append(one.get("nodeRepresentation", ""))
    return found


def _identifier(node: etree._Element, scheme: str) -> str:
    for one in node.iterfind("r:ExternalIdentifier", RIM):
        if one.get("identificationScheme") == scheme:
            return one.get("value", "")
    return ""


def _title(node: etree._Element) -> str:
    name = node.find("r:Name/r:LocalizedString", RIM)
    return " ".join((name.get("value", "") if name is not None else "").split())[:200]


def _author(node: etree._Element) -> tuple[Author, bool]:
    """An author and whether it is the patient (XCN whose identifier is no professional's)."""
    slots = _slots(node)
    person, place = slots.get("authorPerson", "").split("^"), slots.get("authorInstitution", "").split("^")
    number, kind = person[0], _part(person, 12)
    rpps = number[1:] if number.startswith("8") and len(number) == 12 else ""
    finess = _part(place, 9).removeprefix("1") if len(_part(place, 9)) == 10 else _part(place, 9)
    names = (_part(person, 5), _part(person, 2), _part(person, 1))
    author = Author(
        name=" ".join(name for name in names if name),
        rpps=rpps,
        specialty=slots.get("authorSpecialty", "").partition("^")[0],
        institution=place[0],
        finess=finess,
    )
    return author, kind.startswith("INS") or (bool(number) and not rpps and not place[0])


def _part(parts: list[str], place: int) -> str:
    return parts[place].strip() if len(parts) > place else ""


def _instant(text: str) -> datetime | None:
    """A DTM of HL7, in UTC (ITI-3, 4.2.3.1.7); a day alone is that day in France."""
    if not INSTANT.fullmatch(text):
        return None
    whole = text.ljust(14, "0")
    try:
        found = datetime.strptime(whole, "%Y%m%d%H%M%S")  # noqa: DTZ007 - its zone follows
    except ValueError:
        return None
    return found.replace(tzinfo=LAW_ZONE if len(text) == 8 else UTC)
