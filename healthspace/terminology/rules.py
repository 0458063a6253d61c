"""What a code is: plain values with their labels, and the class a document type belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from healthspace.common.errors import Invalid


@dataclass(frozen=True, slots=True)
class Code:
    """One coded value: its code system (OID) and its words in both languages."""

    code: str
    system: str
    fr: str
    en: str

    def label(self, language: str = "fr") -> str:
        """The official words, in `fr` or `en` (anything else gives English)."""
        return self.fr if language.startswith("fr") else self.en


@dataclass(frozen=True, slots=True)
class Category(Code):
    """A shelf of documents as the holder sees it, with the name of its icon."""

    icon: str


@dataclass(frozen=True, slots=True)
class Profession(Code):
    """A profession (TRE_G15); `is_health` is false for social and other roles."""

    is_health: bool


@dataclass(frozen=True, slots=True)
class DocumentType(Code):
    """A document type (typeCode); `class_code` is empty outside the DMP subset (X16)."""

    class_code: str
    category: str
    plain_fr: str
    plain_en: str
    icon: str
    rank: int

    def plain_label(self, language: str = "fr") -> str:
        """The plain words shown to holders: "Lettre de sortie", "Test results"."""
        return self.plain_fr if language.startswith("fr") else self.plain_en


@dataclass(frozen=True, slots=True)
class MediaType:
    """A kind of file we take in, with the XDS format code of a body of that kind."""

    media_type: str
    format_code: str
    format_system: str
    fr: str
    en: str

    def label(self, language: str = "fr") -> str:
        """Words for a person, in `fr` or `en`."""
        return self.fr if language.startswith("fr") else self.en


def class_of(kind: DocumentType, additions: Mapping[str, str]) -> str:
    """The class a type leads to, never chosen by the sender (X16); Invalid outside the subset.

    `additions`: type code -> class code, the operator's own lines for types outside it.
    """
    found = kind.class_code or additions.get(kind.code, "")
    if not found:
        raise Invalid(
            field="type_code",
            rule="X16",
            message="This document type has no class in the shared record.",
            way_out="Use a type of the DMP subset, or map this one in terminology/data/additions.json.",
        )
    return found
