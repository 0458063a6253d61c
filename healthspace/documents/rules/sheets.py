"""The sealed sheet of a document: everything said of it that no access rule needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import orjson

from healthspace.documents.rules.orders import Author


@dataclass(frozen=True, slots=True)
class Sheet:
    """Title, people and technical facts of one version; sizes in bytes, `sha256` in hex."""

    title: str
    kind: Literal["pdf", "jpeg", "png", "tiff", "text", "rtf", "cda"]
    media_type: str
    size: int
    sha256: str
    source_id: str
    authors: tuple[Author, ...] = ()
    facility_code: str = ""
    language: str = "fr-FR"
    description: str = ""
    service_start: datetime | None = None
    service_stop: datetime | None = None
    submission_id: str = ""
    replaces: str = ""
    extras: Mapping[str, str] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Compact JSON, ready to be sealed."""
        return orjson.dumps(self)

    @classmethod
    def from_bytes(cls, plain: bytes) -> Sheet:
        """The sheet back from what `to_bytes` made."""
        given: dict[str, Any] = orjson.loads(plain)
        given["authors"] = tuple(Author(**author) for author in given["authors"])
        for name in ("service_start", "service_stop"):
            if given[name]:
                given[name] = datetime.fromisoformat(given[name])
        return cls(**given)


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What the holder calls the document and notes beside it."""

    title: str = ""
    note: str = ""

    def to_bytes(self) -> bytes:
        return orjson.dumps(self)

    @classmethod
    def from_bytes(cls, plain: bytes | None) -> OwnWords:
        return cls(**orjson.loads(plain)) if plain else cls()
