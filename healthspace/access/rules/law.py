"""Who may do what: the decision of CSP L.1111-13 ff. and R.1111-46 ff., in plain Python.

`decide` answers every question with the rule that settled it. Order matters and follows the
law: first what ends every access (closed, deleted), then who asks. What no rule allows is
refused under `DEFAULT`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from healthspace.access.guarded import Guarded
from healthspace.access.rules.assistants import assistant, may_file
from healthspace.access.rules.caregivers import caregiver, may_add
from healthspace.access.rules.holder_side import holder, representative
from healthspace.access.rules.professionals import institution, professional
from healthspace.access.rules.terms import (
    HOLDER_SIDE,
    ITEM_ASKS,
    LIVE,
    OPEN_STATES,
    READ,
    TAKEN_IN_STATES,
    WHILE_RESTRICTED,
    Asker,
    Decision,
    allow,
    deny,
    is_author,
)


def decide(asker: Asker, ask: str, item: Guarded | None = None) -> Decision:
    """May this asker do this to this person's space, or to this document of it?"""
    if ask == "deposit":
        return deny("REC-1") if asker.is_restricted else _deposit(asker)
    if ask == "take_over":
        return _take_over(asker)
    if asker.space_state not in OPEN_STATES:
        return deny("CLO-1")
    if asker.is_restricted and ask not in WHILE_RESTRICTED:
        return deny("REC-1")
    if (ask in ITEM_ASKS) != (item is not None):
        return deny("DEFAULT")
    if item is not None and item.status not in LIVE:
        return _out_of_sight(asker, ask, item)
    by_role = _BY_ROLE.get(asker.role)
    return by_role(asker, ask, item) if by_role else deny("DEFAULT")


def _deposit(asker: Asker) -> Decision:
    """Filing needs no authorisation (ACC-8), only an identified author and an open space."""
    if asker.space_state not in OPEN_STATES:
        return deny("CLO-1")
    if asker.role in {"professional", "institution"}:
        return allow("ACC-8")
    if asker.role == "assistant":
        return may_file(asker)
    if asker.role == "caregiver":
        return may_add(asker)
    if asker.role == "representative" and asker.mandate == "read":
        return deny("GUA-1")
    if asker.role in HOLDER_SIDE:
        return allow("OWN")
    return allow("ENR-10") if asker.role == "system" else deny("DEFAULT")


def _take_over(asker: Asker) -> Decision:
    """The installation alone moves older records in; never into what is opposed or closed (ENR-10)."""
    if asker.role != "system":
        return deny("DEFAULT")
    return allow("ENR-10") if asker.space_state in TAKEN_IN_STATES else deny("CLO-1")


def _out_of_sight(asker: Asker, ask: str, item: Guarded) -> Decision:
    """Deleted is for nobody; somebody else's goes back to its author and to nobody more (ID-1)."""
    if item.status == "deleted":
        return deny("ACC-8D")
    if item.status != "disowned":
        return deny("DEFAULT")
    if asker.role != "caregiver" and is_author(asker, item) and ask in READ | {"delete"}:
        return allow("ID-1")
    return deny("ID-1")


def _system(asker: Asker, ask: str, item: Guarded | None) -> Decision:
    """The product itself tells people and takes old records over; it opens nothing."""
    return allow("ENR-10") if item is None and ask == "write_profile" else deny("DEFAULT")


_BY_ROLE: Final[dict[str, Callable[[Asker, str, Guarded | None], Decision]]] = {
    "holder": holder,
    "representative": representative,
    "caregiver": caregiver,
    "assistant": assistant,
    "professional": professional,
    "institution": institution,
    "system": _system,
}
