"""Codes of documents and professions in plain words, and the files that people may send."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import get_language

from healthspace.terminology import reads as terminology

OWN_START: Final = re.compile("(Mes|Mon|Ma|My) ")
OWN_END: Final = re.compile("( que j’ai ajoutée?s?| I added)$")
ACCEPTED: Final = ".pdf,.jpg,.jpeg,.png,.tif,.tiff,.txt,.rtf,application/pdf,image/*,text/plain"


def kinds_for(codes: list[str]) -> list[tuple[str, str]]:
    """Document types as choices, in plain words of the language of the page."""
    is_french = (get_language() or "").startswith("fr")
    known = terminology.document_types()
    return [(code, known[code].plain_fr if is_french else known[code].plain_en) for code in codes]


def kinds_of_another(codes: list[str]) -> list[tuple[str, str]]:
    """The same choices in the record of somebody else: no "my", no "I"."""
    language, known = get_language() or "en", terminology.document_types()
    return [
        (code, known[code].label(language) if OWN_START.match(plain) else OWN_END.sub("", plain))
        for code, plain in kinds_for(codes)
    ]


def usual_kinds() -> list[tuple[str, str]]:
    """The types people deposit most."""
    return kinds_for([kind.code for kind in terminology.usual_types()])


def profession(code: str) -> str:
    """The name of a profession in the language of the page; empty when unknown."""
    found = terminology.professions().get(code)
    return found.label(get_language() or "en") if found else ""
