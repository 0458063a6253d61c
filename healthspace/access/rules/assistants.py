"""A certified helper at a desk: only what the person ticked, only while the session runs (AST-1, AST-2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from healthspace.access.guarded import Guarded
from healthspace.access.rules.holder_side import holder
from healthspace.access.rules.terms import READ, Asker, Decision, allow, deny

SESSION_LASTS: Final = timedelta(minutes=30)
ASKING_LASTS: Final = timedelta(minutes=30)
CODE_LASTS: Final = timedelta(minutes=10)
CODE_DIGITS: Final = 8
CODE_TRIES: Final = 5
MOST_CODES: Final = 3
FORM_LASTS: Final = timedelta(days=180)
FORM_OF_DESK_LASTS: Final = timedelta(days=30)

SCOPES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "activate": frozenset(),
        "refuse": frozenset(),
        "close": frozenset(),
        "contact": frozenset(),
        "emergency": frozenset({"change_emergency"}),
        "access": frozenset({"change_access", "read_access"}),
        "summary": frozenset({"read_profile", "read_access"}),
        "file": frozenset(),
        "documents": frozenset({"list"}),
    }
)
"""What can be ticked, and what it lets the helper ask of the space; reading documents is never ticked beforehand."""
SCOPES_OF_CHILD: Final = frozenset({"activate", "refuse", "close"})
SEEING_SCOPES: Final = frozenset({"documents", "summary"})
FORMS: Final = ("mandate", "emergency_no", "emergency_yes", "attending", "new_code", "close")
SCOPE_OF_FORM: Final[Mapping[str, str]] = MappingProxyType(
    {"emergency_no": "emergency", "emergency_yes": "emergency", "attending": "access", "close": "close"}
)
"""What must have been ticked before a helper prints a form; a new code goes to the person's own letter box."""
IDENTITY_PAPERS: Final = ("identity_card", "passport", "residence_permit", "driving_licence")
BY_CODE: Final = "by_code"
"""Stands in a scope when the person agreed by the digits sent to their own address."""
ONLY_BY_CODE: Final = frozenset({"documents", "access", "contact"})
WHILE_RECOVERED: Final = frozenset({"activate", "refuse"})
"""All that a desk does for whoever took a new password within 72 hours (T13)."""


def agreed(scope: Collection[str], *, consent: str, state: str, is_restricted: bool) -> frozenset[str]:
    """What ticked words are worth: a letter, a card or a sheet of paper may be in the wrong hands (AST-5).

    By them nobody reads documents, names who reads, moves an address or closes a space in use.
    """
    words = frozenset(scope) & SCOPES.keys()
    if is_restricted:
        words &= WHILE_RECOVERED
    if consent == "code":
        return words
    return words - ONLY_BY_CODE - (frozenset({"close"}) if state == "active" else frozenset())


def may_print(scope: Collection[str], kind: str) -> bool:
    """True when a helper may print this form: never more than they may do at once."""
    word = SCOPE_OF_FORM.get(kind, "")
    return (not word or word in scope) and (kind != "emergency_yes" or BY_CODE in scope)


def assistant(asker: Asker, ask: str, item: Guarded | None) -> Decision:
    """Within what the person ticked; who acts for them is known to be certified and beside them now."""
    if item is not None:
        if "documents" not in asker.scope or ask not in READ:
            return deny("AST-2")
        return holder(asker, ask, item)
    if ask == "read_identity":
        return allow("AST-1")
    return allow("AST-1") if any(ask in SCOPES[word] for word in asker.scope & SCOPES.keys()) else deny("AST-2")


def may_file(asker: Asker) -> Decision:
    """Filing a paper that the person brought."""
    return allow("AST-1") if "file" in asker.scope else deny("AST-2")
