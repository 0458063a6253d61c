"""Codes and dates of FHIR resources, turned into ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from healthspace.journeys.loading.parcels import Unreadable
from healthspace.spaces.rules import Sex
from healthspace.terminology import reads as terminology

FALLBACK_TYPE: Final = "11488-4"
"""Consultation note: what a clinical document of unknown kind is filed as."""
BY_CATEGORY: Final = {
    "LAB": "11502-2",
    "HM": "11502-2",
    "CH": "11502-2",
    "MB": "11502-2",
    "RAD": "18748-4",
    "IMG": "18748-4",
    "PAT": "60568-3",
}

SEXES: Final[Mapping[str, Sex]] = {"M": "M", "F": "F", "male": "M", "female": "F"}


@dataclass(frozen=True, slots=True)
class Coded:
    """A code and the words that came with it."""

    code: str
    label: str


def coding_of(concept: Mapping[str, Any]) -> Coded:
    """The first coding of a CodeableConcept, with its display or the concept's text."""
    coding: Mapping[str, Any] = next(iter(concept.get("coding", [])), {})
    return Coded(str(coding.get("code", "")), str(concept.get("text") or coding.get("display") or ""))


def instant(value: object) -> datetime:
    """A FHIR dateTime as an aware instant; a date alone is noon in UTC."""
    text = str(value or "")
    try:
        found = datetime.fromisoformat(f"{text}T12:00:00+00:00" if len(text) == 10 else text)
    except ValueError as fault:
        raise Unreadable("no-date") from fault
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def type_of(resource: Mapping[str, Any], coded: Coded) -> str:
    """Our document type for a report or a reference: its own code if known, its category, or the fallback."""
    known = terminology.equivalent_type(coded.code)
    if known:
        return known
    categories = resource.get("category", [])
    for concept in categories if isinstance(categories, list) else [categories]:
        found = BY_CATEGORY.get(coding_of(concept).code)
        if found:
            return found
    return FALLBACK_TYPE


def attachment_type(resource: Mapping[str, Any], coded: Coded, media_type: str) -> str:
    """The type of one attachment: an image of an otherwise unknown kind is an illustration."""
    found = type_of(resource, coded)
    return "52040-3" if found == FALLBACK_TYPE and media_type.startswith("image/") else found


def sex_of(word: str) -> Sex:
    """M, F, or U for anything that says neither (FHIR's and CDA's words)."""
    return SEXES.get(word, "U")
