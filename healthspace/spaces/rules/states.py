"""The life of a space as a state machine (domain 2.1: CSP R.1111-28, R.1111-36), in plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from healthspace.common.errors import Conflict

OPEN_STATES: Final = frozenset({"open_inactive", "active"})
CLOSED_STATES: Final = frozenset({"suspended", "closed", "deletion_requested"})
STATES: Final = (
    "not_informed",
    "informed",
    "opposed",
    "open_inactive",
    "active",
    "suspended",
    "closed",
    "deletion_requested",
    "deleted",
    "closed_deceased",
)
EVENTS: Final = (
    "inform",
    "object",
    "refused_in_time",
    "withdraw_objection",
    "activate",
    "deadline_passed",
    "close",
    "reopen",
    "request_deletion",
    "cancel_deletion",
    "erased",
    "archive_ended",
    "suspend",
    "suspension_lifted",
    "suspension_ended",
    "die",
)
# (state, event) -> state; what is not here cannot happen. Informing again (undelivered letter)
# starts a new window; objecting to a suspension (CLO-4) lifts it.
TRANSITIONS: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("not_informed", "inform"): "informed",
        ("informed", "inform"): "informed",
        ("informed", "object"): "opposed",
        ("informed", "activate"): "active",
        ("informed", "deadline_passed"): "open_inactive",
        ("opposed", "withdraw_objection"): "informed",
        ("opposed", "archive_ended"): "deleted",
        ("open_inactive", "refused_in_time"): "opposed",
        ("open_inactive", "activate"): "active",
        ("open_inactive", "close"): "closed",
        ("active", "close"): "closed",
        ("active", "suspend"): "suspended",
        ("suspended", "suspension_lifted"): "active",
        ("suspended", "suspension_ended"): "closed",
        ("closed", "reopen"): "active",
        ("closed", "request_deletion"): "deletion_requested",
        ("closed", "archive_ended"): "deleted",
        ("deletion_requested", "cancel_deletion"): "closed",
        ("deletion_requested", "reopen"): "active",
        ("deletion_requested", "erased"): "deleted",
        ("closed_deceased", "archive_ended"): "deleted",
        **{(state, "die"): "closed_deceased" for state in STATES if state not in {"deleted", "closed_deceased"}},
    }
)

# What a death recorded in error gives back, by the state before it. A letter of before does not count any more:
# nobody opens by law whose code said "deceased" meanwhile.
GIVEN_BACK: Final[Mapping[str, str]] = MappingProxyType(
    {state: state for state in STATES if state not in {"informed", "deleted", "closed_deceased"}}
    | {"informed": "not_informed"}
)


def given_back(state: str, former: str) -> str:
    """The state after the correction of a death (RGPD 5.1.d); Conflict when there is none to correct."""
    if state != "closed_deceased" or former not in GIVEN_BACK:
        raise Conflict("no death to correct")
    return GIVEN_BACK[former]


def next_state(state: str, event: str) -> str:
    """The state that an event leads to; Conflict when it cannot happen there (domain 2.1)."""
    if state not in STATES or event not in EVENTS:
        raise ValueError("no such state or event of a space")
    found = TRANSITIONS.get((state, event))
    if found is None:
        raise Conflict(f"a space that is {state} cannot {event}")
    return found
