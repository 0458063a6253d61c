"""Those who help an adult: what was opened to them, and nothing about sharing or about others (3.10, T23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from healthspace.access.guarded import Guarded
from healthspace.access.rules.holder_side import holder
from healthspace.access.rules.terms import (
    LAW_ZONE,
    LIVE,
    READ,
    Asker,
    Decision,
    allow,
    deny,
)

WRITE: Final = "write"
PROFILE: Final = "profile"
AGENDA: Final = "agenda"
MESSAGES: Final = "messages"
HELP_SCOPES: Final = (WRITE, PROFILE, AGENDA, MESSAGES)
RIGHTS: Final = frozenset({"EXPPAT_1"})
"""Papers about a person's rights, certificates of help among them: no helper learns of the others (T23)."""
CHANGES: Final = frozenset({"replace", "delete"})
"""Papers that the person's side filed; names, notes and folders are the person's own words, which no helper reads."""
_OPEN: Final = frozenset({"list", "read_identity"})
_NEEDED: Final = {"read_profile": frozenset({PROFILE}), "write_profile": frozenset({PROFILE, WRITE})}


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of a period: how many helpers, how many helped, how long (access/data/caregivers.json)."""

    most_helpers: int
    most_helped: int
    most_invitations_a_day: int
    answer_days: int
    longest_days: int
    shortest_days: int
    reminder_days: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person opens to a helper: document categories, further scopes, the last day."""

    categories: frozenset[str]
    scopes: frozenset[str]
    last_day: date


def ends_after(last_day: date) -> datetime:
    """The instant at which help is over: 00:00 in Paris of the day after the last one (3.10)."""
    return datetime.combine(last_day + timedelta(days=1), time(), tzinfo=LAW_ZONE)


def caregiver(asker: Asker, ask: str, item: Guarded | None) -> Decision:
    """Only the categories opened; changing only when it was opened too; no setting, ever."""
    if item is None:
        return _space(asker, ask)
    if not is_open_to(asker, item):
        return deny("CAR-2")
    if ask in READ:
        return holder(asker, ask, item)
    if ask not in CHANGES:
        return deny("CAR-1")
    return holder(asker, ask, item) if WRITE in asker.scope else deny("CAR-3")


def is_open_to(asker: Asker, item: Guarded) -> bool:
    """In a category that was opened, and no secret of a childhood kept from parents, who help too (CHI-4)."""
    is_there = item.status in LIVE and not item.is_hidden_from_representatives
    return is_there and item.type_code in (asker.readable_types or frozenset())


def may_add(asker: Asker) -> Decision:
    """Filing a paper for the person, when changing was opened."""
    return allow("OWN") if WRITE in asker.scope else deny("CAR-3")


def _space(asker: Asker, ask: str) -> Decision:
    if ask in _OPEN:
        return allow("OWN")
    needed = _NEEDED.get(ask)
    if needed is None:
        return deny("CAR-1")
    if not needed <= asker.scope:
        return deny("CAR-3" if PROFILE in asker.scope else "CAR-2")
    return allow("OWN")
