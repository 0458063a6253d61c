"""What the room asks of the outside: reading a file safely, showing it, looking for malware.

Plain frozen shapes, so that the doors never load a parser: parsers live in a process of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

Kind = Literal["pdf", "jpeg", "png", "tiff", "text", "rtf", "cda"]
Verdict = Literal["clean", "infected", "unavailable", "not_scanned"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may ask of us; from the settings."""

    max_bytes: int = 25_000_000
    max_pages: int = 2_000
    max_pixels: int = 50_000_000
    seconds: float = 10
    memory_mb: int = 1024


@dataclass(frozen=True, slots=True)
class Identifier:
    """An HL7 instance identifier: the OID that assigns it, and the value (empty when the OID says it all)."""

    root: str
    extension: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A code with its system (OID) and the sender's words for it."""

    code: str
    system: str = ""
    display: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who wrote, signed, made or keeps a document. `rpps` and `finess` are set when the ids say so."""

    identifier: Identifier | None = None
    rpps: str = ""
    name: str = ""
    specialty: Code | None = None
    organization_id: Identifier | None = None
    finess: str = ""
    organization_name: str = ""
    setting_code: str = ""
    at: datetime | None = None
    software: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """The identity a document claims; traits as the sender wrote them (CI-SIS, 5 strict traits)."""

    identifiers: tuple[Identifier, ...] = ()
    birth_name: str = ""
    used_name: str = ""
    first_names: tuple[str, ...] = ()
    used_first_name: str = ""
    sex: str = ""
    born_on: date | None = None
    birth_place: str = ""


@dataclass(frozen=True, slots=True)
class Parent:
    """The earlier document this one is about: RPLC replaces it, APND adds to it, XFRM renders it."""

    relation: str
    identifier: Identifier
    set_id: Identifier | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class CdaHeader:
    """The header of a CDA R2 document (CI-SIS, minimal structure)."""

    patient: Patient
    identifier: Identifier
    type: Code
    title: str
    level: Literal[1, 3]
    set_id: Identifier | None = None
    version: int | None = None
    made_at: datetime | None = None
    confidentiality: tuple[Code, ...] = ()
    language: str = ""
    authors: tuple[Party, ...] = ()
    legal_authenticator: Party | None = None
    custodian: Party | None = None
    performer: Party | None = None
    event: Code | None = None
    service_start: datetime | None = None
    service_stop: datetime | None = None
    setting_code: str = ""
    facility_code: str = ""
    parents: tuple[Parent, ...] = ()
    media_types: tuple[str, ...] = ()

    @property
    def source_id(self) -> str:
        """The sender's uniqueId in the form of XDS: root, or root^extension."""
        one = self.identifier
        return f"{one.root}^{one.extension}" if one.extension else one.root


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file really is. `problems` are rule ids of faults we can live with."""

    media_type: str
    kind: Kind
    cda: CdaHeader | None = None
    pages: int | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A safe copy to put before a reader; never the sender's bytes. `html` is a fragment, `text` is UTF-8."""

    form: Literal["html", "pdf", "image", "text"]
    media_type: str
    body: bytes
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Scan:
    """What a virus scanner said; `name` is the malware's, or the reason it could not look."""

    verdict: Verdict
    name: str = ""


class Scanner(Protocol):
    """Looks for malware. Answers `unavailable` rather than raise: the caller then quarantines (T52)."""

    def scan(self, content: bytes) -> Scan: ...
