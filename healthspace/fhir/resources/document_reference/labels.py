"""Confidentiality: FHIR's securityLabel and our visibility codes (domain 5.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from healthspace.documents.reads import Card
from healthspace.documents.rules import HIDDEN_FROM_HOLDER, HIDDEN_FROM_REPRESENTATIVES, MASKED
from healthspace.fhir import codes
from healthspace.fhir.outcome import Fault, Issue

DISPLAY: Final = {
    "N": "Normal",
    MASKED: "Masqué aux professionnels de santé",
    HIDDEN_FROM_HOLDER: "Non visible par le patient",
    HIDDEN_FROM_REPRESENTATIVES: "Non visible par les représentants légaux du patient",
}
_KNOWN: Final = frozenset({*DISPLAY, "R", "V"})
CHANGEABLE: Final = frozenset({MASKED, HIDDEN_FROM_HOLDER, HIDDEN_FROM_REPRESENTATIVES})
_SYSTEMS: Final = frozenset({codes.VISIBILITY, codes.CONFIDENTIALITY})


def read(labels: Iterable[Mapping[str, Any]], path: str) -> frozenset[str]:
    """The codes of securityLabel; a label we do not know is refused, never dropped."""
    found = set()
    for index, label in enumerate(labels):
        code = codes.pick(label, _SYSTEMS)
        if code not in _KNOWN:
            raise Fault(422, Issue("code-invalid", "This confidentiality code is not known.", f"{path}[{index}]",
                                   rule="JDV_J08", way_out=f"Use {', '.join(DISPLAY)}."))  # fmt: skip
        found.add(code)
    return frozenset(found)


def codes_of(card: Card) -> frozenset[str]:
    """The visibility codes that hold for a document now."""
    marks = {
        MASKED: card.is_masked,
        HIDDEN_FROM_HOLDER: card.is_hidden_from_holder,
        HIDDEN_FROM_REPRESENTATIVES: card.is_hidden_from_representatives,
    }
    return frozenset(code for code, is_set in marks.items() if is_set)


def told(card: Card) -> list[dict[str, Any]]:
    """The securityLabel of a document; `N` when nothing restricts it."""
    return _concepts(codes_of(card))


@cache
def _concepts(found: frozenset[str]) -> list[dict[str, Any]]:
    return [codes.concept(codes.label_system(code), code, DISPLAY[code]) for code in sorted(found) or ["N"]]
