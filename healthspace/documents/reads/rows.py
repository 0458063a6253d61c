"""From a row and its sealed sheet to a frozen card that says what may be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import get_language

from healthspace.access import gate
from healthspace.access.guarded import Guarded
from healthspace.access.rules import HOLDER_SIDE
from healthspace.documents.ports import Kind
from healthspace.documents.rules import OwnWords, Sheet
from healthspace.schema.message import to_bool, to_bytes, to_instant, to_text, to_uuid
from healthspace.terminology import reads as terminology
from healthspace.vault.reads import Sealer

COLUMNS: Final = (
    "id, status, version, type_code, class_code, setting_code, made_at, deposited_at, changed_at,"
    " author_kind, author_professional_id, author_institution_id, is_masked,"
    " hidden_from_holder_until, is_hidden_from_representatives, folder_id, replaces_id, blob,"
    " card, own_words"
)
COLUMN_TYPES: Final = (
    *(to_uuid, to_text, int, to_text, to_text, to_text, to_instant, to_instant, to_instant),
    *(to_text, to_uuid, to_uuid, to_bool, to_instant, to_bool, to_uuid, to_uuid, to_text),
    *(to_bytes, to_bytes),
)
ABILITIES: Final = (
    "open",
    "mask",
    "unmask",
    "rename",
    "note",
    "move",
    "disown",
    "delete",
    "replace",
    "reveal_to_holder",
    "reveal_to_representatives",
    "hide_from_holder",
    "hide_from_representatives",
)


@dataclass(frozen=True, slots=True)
class Row:
    """The columns of `COLUMNS`, in their order."""

    id: UUID
    status: Any
    version: int
    type_code: str
    class_code: str
    setting_code: str
    made_at: datetime
    deposited_at: datetime
    changed_at: datetime
    author_kind: Any
    author_professional_id: UUID | None
    author_institution_id: UUID | None
    is_masked: bool
    hidden_from_holder_until: datetime | None
    is_hidden_from_representatives: bool
    folder_id: UUID | None
    replaces_id: UUID | None
    blob: str
    card: bytes
    own_words: bytes | None

    def guarded(self) -> Guarded:
        return Guarded(
            status=self.status,
            type_code=self.type_code,
            class_code=self.class_code,
            author_kind=self.author_kind,
            author_professional_id=self.author_professional_id,
            author_institution_id=self.author_institution_id,
            is_masked=self.is_masked,
            hidden_from_holder_until=self.hidden_from_holder_until,
            is_hidden_from_representatives=self.is_hidden_from_representatives,
        )

    def sheet(self, sealer: Sealer) -> Sheet:
        plain = sealer.unseal(bytes(self.card), item=self.id, part=f"card:{self.version}")
        return Sheet.from_bytes(plain)

    def words(self, sealer: Sealer) -> OwnWords:
        if self.own_words is None:
            return OwnWords()
        return OwnWords.from_bytes(sealer.unseal(bytes(self.own_words), item=self.id, part="own_words"))


@dataclass(frozen=True, slots=True)
class Card:
    """A document as one reader may see it.

    `sheet` keeps what its sender said of it, word for word.
    """

    id: UUID
    person_id: UUID
    title: str
    original_title: str
    note: str
    type_code: str
    class_code: str
    category: str
    setting_code: str
    made_at: datetime
    deposited_at: datetime
    changed_at: datetime
    author_name: str
    author_place: str
    author_kind: str
    author_professional_id: UUID | None
    author_institution_id: UUID | None
    sheet: Sheet
    status: str
    version: int
    is_masked: bool
    is_hidden_from_holder: bool
    hidden_from_holder_until: datetime | None
    is_hidden_from_representatives: bool
    folder_id: UUID | None
    replaces_id: UUID | None
    is_new: bool
    is_from_holder: bool
    guarded: Guarded
    abilities_of: Callable[[Guarded], frozenset[str]] = field(repr=False, compare=False)

    @property
    def can(self) -> frozenset[str]:
        """The asks that would be allowed to this reader now; worked out only when looked at."""
        return self.abilities_of(self.guarded)

    @property
    def type_label(self) -> str:
        """The name of the document's type in the language of the page."""
        return terminology.document_type(self.type_code).label(get_language() or "en")

    @property
    def kind(self) -> Kind:
        """What the bytes are: pdf, jpeg, cda ..."""
        return self.sheet.kind

    @property
    def media_type(self) -> str:
        """As the sender declared it and inspection confirmed."""
        return self.sheet.media_type

    @property
    def size(self) -> int:
        """Bytes of the original."""
        return self.sheet.size


class CardMaker:
    """Unseals rows into cards for one reader; the holder's own words go to the holder's side only.

    What does not change from row to row (key, abilities of alike rows) is found once.
    """

    def __init__(self, standing: gate.Standing, seen_at: datetime | None = None) -> None:
        self.standing = standing
        self.sealer = gate.sealer(standing)
        self.seen_at = seen_at
        self.is_holder_side = standing.asker.role in HOLDER_SIDE - {"caregiver"}
        self.is_told_masks = standing.asker.role != "caregiver"  # a helper learns of nothing that is hidden (T23)
        self._abilities: dict[Guarded, frozenset[str]] = {}

    def card(self, row: Row) -> Card:
        """The card of one row."""
        sheet = row.sheet(self.sealer)
        words = row.words(self.sealer) if self.is_holder_side else OwnWords()
        kind = terminology.document_type(row.type_code)
        first = sheet.authors[0] if sheet.authors else None
        until = row.hidden_from_holder_until
        return Card(
            id=row.id,
            person_id=self.standing.person_id,
            title=words.title or sheet.title,
            original_title=sheet.title,
            note=words.note,
            type_code=row.type_code,
            class_code=row.class_code,
            category=kind.category,
            setting_code=row.setting_code,
            made_at=row.made_at,
            deposited_at=row.deposited_at,
            changed_at=row.changed_at if self.is_told_masks else row.deposited_at,
            author_name=first.name if first else "",
            author_place=first.institution if first else "",
            author_kind=row.author_kind,
            author_professional_id=row.author_professional_id,
            author_institution_id=row.author_institution_id,
            sheet=sheet,
            status=row.status,
            version=row.version if self.is_told_masks else 1,  # masking makes a version
            is_masked=row.is_masked and self.is_told_masks,
            is_hidden_from_holder=until is not None and self.standing.at < until,
            hidden_from_holder_until=until,
            is_hidden_from_representatives=row.is_hidden_from_representatives,
            folder_id=row.folder_id if self.is_told_masks else None,
            replaces_id=row.replaces_id,
            is_new=self.seen_at is not None and row.deposited_at > self.seen_at,
            is_from_holder=row.author_kind == "holder" or row.class_code == "90",
            guarded=row.guarded(),
            abilities_of=self._can,
        )

    def _can(self, guarded: Guarded) -> frozenset[str]:
        found = self._abilities.get(guarded)
        if found is None:
            found = self._abilities[guarded] = abilities(self.standing, guarded)
        return found


def abilities(standing: gate.Standing, guarded: Guarded) -> frozenset[str]:
    """What this reader could do with the document now: one set for page, FHIR and apps."""
    until = guarded.hidden_from_holder_until
    is_waiting = until is not None and standing.at < until
    return frozenset(
        ask
        for ask in ABILITIES
        if _makes_sense(ask, guarded, is_waiting=is_waiting) and gate.decide(standing, ask, guarded).is_allowed
    )


def _makes_sense(ask: str, guarded: Guarded, *, is_waiting: bool) -> bool:
    match ask:
        case "mask":
            return not guarded.is_masked and not is_waiting
        case "unmask":
            return guarded.is_masked
        case "reveal_to_holder":
            return guarded.hidden_from_holder_until is not None
        case "reveal_to_representatives":
            return guarded.is_hidden_from_representatives
        case "hide_from_holder":
            return guarded.hidden_from_holder_until is None and not guarded.is_masked
        case "hide_from_representatives":
            return not guarded.is_hidden_from_representatives
    return True
