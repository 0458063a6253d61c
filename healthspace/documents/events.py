"""What documents tell the rest: ids and codes only, never a title, an author or a type."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from healthspace.outbox.events import Fact


@dataclass(frozen=True, slots=True)
class DocumentDeposited(Fact):
    document_id: UUID
    by_kind: str
    is_hidden_from_holder: bool
    is_hidden_from_representatives: bool


@dataclass(frozen=True, slots=True)
class DocumentReplaced(Fact):
    document_id: UUID
    by_kind: str
    is_hidden_from_holder: bool
    is_hidden_from_representatives: bool


@dataclass(frozen=True, slots=True)
class DocumentDeleted(Fact):
    document_id: UUID
    by_kind: str
    is_hidden_from_holder: bool
    is_hidden_from_representatives: bool


@dataclass(frozen=True, slots=True)
class DocumentMasked(Fact):
    document_id: UUID
    by_kind: str


@dataclass(frozen=True, slots=True)
class DocumentUnmasked(Fact):
    document_id: UUID
    by_kind: str


@dataclass(frozen=True, slots=True)
class VisibilityChanged(Fact):
    document_id: UUID
    by_kind: str
    change: str


@dataclass(frozen=True, slots=True)
class DocumentDisowned(Fact):
    document_id: UUID
    author_professional_id: UUID | None
    author_institution_id: UUID | None


@dataclass(frozen=True, slots=True)
class CopyReady(Fact):
    copy_id: UUID
