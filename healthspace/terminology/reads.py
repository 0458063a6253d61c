"""The vocabularies, read once from `data/` and never changed: they are facts of a release of the
product, so this room has no table and no migration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from healthspace.common.errors import Invalid
from healthspace.terminology import rules
from healthspace.terminology.rules import Category, Code, DocumentType, MediaType, Profession

UNUSUAL: Final = 999
CDA: Final = "text/xml"


@cache
def _file(name: str) -> dict[str, Any]:
    text = resources.files("healthspace.terminology").joinpath(f"data/{name}.json").read_text("utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def _codes(file: str, part: str) -> Mapping[str, Code]:
    rows = _file(file)[part]
    return MappingProxyType({row["code"]: Code(row["code"], row["system"], row["fr"], row["en"]) for row in rows})


@cache
def document_types() -> Mapping[str, DocumentType]:
    """Every document type by its code, the most usual first (JDV_J07)."""
    icons = {row["code"]: row["icon"] for row in _file("codes")["categories"]}
    rows = sorted(_file("document_types")["types"], key=lambda row: (row["rank"], row["code"]))
    return MappingProxyType(
        {
            row["code"]: DocumentType(
                code=row["code"],
                system=row["system"],
                fr=row["fr"],
                en=row["en"],
                class_code=row["class"] or "",
                category=row["category"],
                plain_fr=row["plain_fr"],
                plain_en=row["plain_en"],
                icon=icons[row["category"]],
                rank=row["rank"],
            )
            for row in rows
        }
    )


def document_type(code: str) -> DocumentType:
    """The document type of this code; Invalid with a way out when there is none."""
    found = document_types().get(code)
    if found is None:
        raise Invalid(
            field="type_code",
            rule="JDV_J07",
            message="This document type is not known.",
            way_out="Use a code of JDV_J07-XdsTypeCode-CISIS, for example 11502-2 for a laboratory report.",
        )
    return found


def usual_types() -> tuple[DocumentType, ...]:
    """The types most deposited, in that order: the first page of a type picker."""
    return tuple(kind for kind in document_types().values() if kind.rank < UNUSUAL)


@cache
def _additions() -> Mapping[str, str]:
    return MappingProxyType({row["type"]: row["class"] for row in _file("additions")["classes"]})


@cache
def _equivalents() -> Mapping[str, str]:
    return MappingProxyType({row["code"]: row["type"] for row in _file("additions")["equivalents"]})


def equivalent_type(code: str) -> str | None:
    """The type we file a foreign LOINC code under (the code itself when it is ours), or None."""
    return code if code in document_types() else _equivalents().get(code)


def class_of(type_code: str) -> str:
    """The class (JDV_J57) a type leads to, by X16 and the additions; Invalid when it has none."""
    return rules.class_of(document_type(type_code), _additions())


@cache
def classes() -> Mapping[str, Code]:
    """Document classes (JDV_J57)."""
    return _codes("codes", "classes")


@cache
def categories() -> Mapping[str, Category]:
    """The holder's shelves in the order they are shown, each with its icon (ours)."""
    return MappingProxyType(
        {
            row["code"]: Category(row["code"], "", row["fr"], row["en"], row["icon"])
            for row in _file("codes")["categories"]
        }
    )


@cache
def settings() -> Mapping[str, Code]:
    """Practice settings (JDV_J04)."""
    return _codes("codes", "settings")


@cache
def facility_types() -> Mapping[str, Code]:
    """Kinds of health facility (JDV_J02)."""
    return _codes("codes", "facility_types")


@cache
def confidentialities() -> Mapping[str, Code]:
    """Confidentiality codes (JDV_J08, domain 5.2)."""
    return _codes("codes", "confidentialities")


@cache
def functions() -> Mapping[str, Code]:
    """Functions of a participant (JDV_J47)."""
    return _codes("codes", "functions")


@cache
def relations() -> Mapping[str, Code]:
    """Relations to the person (JDV_J11)."""
    return _codes("codes", "relations")


@cache
def professions() -> Mapping[str, Profession]:
    """Professions by their TRE_G15 code, then social and other roles (JDV_J48)."""
    return MappingProxyType(
        {
            row["code"]: Profession(row["code"], row["system"], row["fr"], row["en"], row["is_health"])
            for row in _file("professions")["professions"]
        }
    )


@cache
def specialties() -> Mapping[str, Code]:
    """Author specialties (JDV_J01), for example `G15_10/SM26`."""
    return _codes("professions", "specialties")


@cache
def media_types() -> Mapping[str, MediaType]:
    """The kinds of file taken in, with the format code of each."""
    return MappingProxyType(
        {
            row["media_type"]: MediaType(row["media_type"], row["format"], row["system"], row["fr"], row["en"])
            for row in _file("formats")["media_types"]
        }
    )


@cache
def _models() -> Mapping[str, tuple[str, str]]:
    rows = _file("formats")["models"]
    return MappingProxyType({row["template"]: (row["format"], row["system"]) for row in rows})


def format_of(*, media_type: str, templates: tuple[str, ...] = ()) -> tuple[str, str]:
    """XDS format code and its system: by CDA model (ASS_A11) first, else by kind of file.

    `templates`: root OIDs of the document's templateIds. A body without a format of its own gets
    the code of documents outside the profiles.
    """
    for template in templates:
        if template in _models():
            return _models()[template]
    known = media_types().get(media_type)
    if known is not None and known.format_code:
        return known.format_code, known.format_system
    formats = _file("formats")
    return str(formats["other_format"]), str(formats["other_format_system"])
