"""The holder and those who act for them."""

from __future__ import annotations

from healthspace.access.guarded import Guarded
from healthspace.access.rules.terms import (
    AS_HOLDER,
    AUTHOR,
    DIRECTIVES,
    KEEPING,
    KEEPING_FROM_PARENTS,
    MASKING,
    PATIENT_ASKS,
    READ,
    READING_ASKS,
    SETTING_ASKS,
    Asker,
    Decision,
    allow,
    deny,
    is_author,
)


def _is_hidden_from_holder(asker: Asker, item: Guarded) -> bool:
    until = item.hidden_from_holder_until
    return until is not None and asker.at < until


def holder(asker: Asker, ask: str, item: Guarded | None) -> Decision:
    """The person whose space it is."""
    if item is None:
        return allow("OWN") if ask in PATIENT_ASKS | SETTING_ASKS else deny("DEFAULT")
    if _is_hidden_from_holder(asker, item):
        return deny("ANN-1")
    if ask in READ | KEEPING:
        return allow("OWN")
    if ask in MASKING:
        return allow("ACC-17")
    if ask in {"replace", "delete"} and is_author(asker, item):
        return allow("OWN")
    if ask in KEEPING_FROM_PARENTS and asker.may_hide:
        return allow("CHI-7")
    return deny("ACC-8A" if ask in AUTHOR else "DEFAULT")


def representative(asker: Asker, ask: str, item: Guarded | None) -> Decision:
    """As the person, minus what is kept from parents and the directives (CHI-4), as far as a judge says (GUA-1)."""
    if asker.mandate != AS_HOLDER and ask not in READ | READING_ASKS:
        return deny("GUA-1")
    if item is not None and item.is_hidden_from_representatives:
        return deny("CHI-4")
    if item is not None and item.type_code in DIRECTIVES:
        return deny("CHI-4D")
    return holder(asker, ask, item)
