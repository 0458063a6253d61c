"""The columns that a decision needs, and nothing else of a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Status = Literal["current", "superseded", "archived", "deleted", "disowned"]
AuthorKind = Literal["professional", "institution", "holder", "system"]


@dataclass(frozen=True, slots=True)
class Guarded:
    """A document as the law sees it; `hidden_from_holder_until` is the end of the announcement."""

    status: Status
    type_code: str
    class_code: str
    author_kind: AuthorKind
    author_professional_id: UUID | None
    author_institution_id: UUID | None
    is_masked: bool = False
    hidden_from_holder_until: datetime | None = None
    is_hidden_from_representatives: bool = False
