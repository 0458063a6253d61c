"""Rules of filing and keeping documents, in plain Python (domain 3.3, 4, 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from healthspace.common.errors import Invalid
from healthspace.spaces.rules import Ins, Traits

MASKED: Final = "MASQUE_PS"
HIDDEN_FROM_HOLDER: Final = "INVISIBLE_PATIENT"
HIDDEN_FROM_REPRESENTATIVES: Final = "INVISIBLE_REPRESENTANTS_LEGAUX"
VISIBILITY_CODES: Final = frozenset({MASKED, HIDDEN_FROM_HOLDER, HIDDEN_FROM_REPRESENTATIVES})

ANNOUNCEMENT: Final = timedelta(days=30)
"""A document hidden from its holder shows itself after a month (ANN-3, CSP R.1111-53)."""
TITLE_LIMIT: Final = 200
NOTE_LIMIT: Final = 3000
FOLDER_NAME_LIMIT: Final = 50
EARLIEST: Final = date(1870, 1, 1)


@dataclass(frozen=True, slots=True)
class Author:
    """Who made the document, as told by it: identifiers as given, names for display."""

    name: str = ""
    rpps: str = ""
    specialty: str = ""
    institution: str = ""
    finess: str = ""


@dataclass(frozen=True, slots=True)
class ClaimedIdentity:
    """Whose document it is, according to its sender; compared trait by trait (ID-1)."""

    ins: Ins
    traits: Traits | None


@dataclass(frozen=True, slots=True)
class Order:
    """A document to file, with what its sender says of it.

    `identity` names the person by INS (professionals and software), or `person_id` the space
    (its holder). `source_id` is the sender's own identifier of the document; `replaces` that of
    the one it replaces. Instants are aware.
    """

    type_code: str
    title: str
    media_type: str
    content: bytes
    made_at: datetime
    source_id: str
    identity: ClaimedIdentity | None = None
    person_id: UUID | None = None
    service_start: datetime | None = None
    service_stop: datetime | None = None
    authors: tuple[Author, ...] = ()
    class_code: str = ""
    setting_code: str = ""
    facility_code: str = ""
    language: str = "fr-FR"
    confidentiality: frozenset[str] = frozenset()
    replaces: str = ""
    description: str = ""
    submission_id: str = ""
    extras: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a deposit; `corrections` says what we changed and by which rule."""

    status: Literal["filed", "duplicate", "quarantined"]
    document_id: UUID
    person_id: UUID
    version: int = 1
    corrections: tuple[str, ...] = ()
    reason: str = ""


def check_visibility(codes: frozenset[str]) -> None:
    """Known codes only, and never hidden from the patient and from professionals at once."""
    unknown = codes - VISIBILITY_CODES - {"N", "R", "V"}
    if unknown:
        raise Invalid(
            "confidentiality",
            "ACC-18",
            "This visibility code is not known.",
            "Use N, MASQUE_PS, INVISIBLE_PATIENT or INVISIBLE_REPRESENTANTS_LEGAUX.",
        )
    if {MASKED, HIDDEN_FROM_HOLDER} <= codes:
        raise Invalid(
            "confidentiality",
            "ACC-18",
            "A document cannot be hidden from its patient and masked to professionals at once.",
            "Choose one of the two.",
        )


def check_order(order: Order, now: datetime) -> None:
    """What can be said of an order before its bytes are looked at."""
    check_visibility(order.confidentiality)
    check_title(order.title)
    if not order.source_id or len(order.source_id) > 255:
        raise Invalid(
            "source_id",
            "PDSM-ID",
            "The document needs an identifier of its sender, of at most 255 characters.",
            "Give masterIdentifier (uniqueId).",
        )
    for name, instant in (
        ("made_at", order.made_at),
        ("service_start", order.service_start),
        ("service_stop", order.service_stop),
    ):
        if instant is not None and not EARLIEST <= instant.date() <= (now + timedelta(2)).date():
            raise Invalid(name, "DATE-1", "This date cannot be right.", "Check the year.")
    if (order.identity is None) == (order.person_id is None):
        raise Invalid("identity", "ID-1", "The document must say whose it is, by INS and traits.", "")


def check_title(title: str) -> None:
    """A title for people: present, one line, at most `TITLE_LIMIT` characters."""
    if not title.strip() or len(title) > TITLE_LIMIT or not title.isprintable():
        raise Invalid(
            "title",
            "TITLE-1",
            f"A title has 1 to {TITLE_LIMIT} characters on one line.",
            "Shorten the title.",
        )


def check_note(note: str) -> None:
    """A note of the holder: any text up to `NOTE_LIMIT` characters."""
    if len(note) > NOTE_LIMIT or "\x00" in note:
        raise Invalid("note", "NOTE-1", f"A note has at most {NOTE_LIMIT} characters.", "Shorten the note.")


def check_folder_name(name: str) -> str:
    """The name as kept: trimmed, 1 to `FOLDER_NAME_LIMIT` characters (domain 3.3)."""
    kept = " ".join(name.split())
    if not kept or len(kept) > FOLDER_NAME_LIMIT or not kept.isprintable():
        raise Invalid(
            "name",
            "FOLDER-1",
            f"A folder name has 1 to {FOLDER_NAME_LIMIT} characters.",
            "Shorten the name.",
        )
    return kept


def hidden_until(codes: frozenset[str], now: datetime) -> datetime | None:
    """When a document that waits for its announcement shows itself (ANN-3)."""
    return now + ANNOUNCEMENT if HIDDEN_FROM_HOLDER in codes else None
