"""The words of the law as sets, and what a decision looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from healthspace.access.guarded import Guarded
from healthspace.common.actor import ActorKind, Mode

LAW_ZONE: Final = ZoneInfo("Europe/Paris")
MAJORITY_YEARS: Final = 18
OPEN_STATES: Final = frozenset({"open_inactive", "active"})
TAKEN_IN_STATES: Final = OPEN_STATES | {"not_informed", "informed"}
"""Where older records and care histories are kept, before opening too: nobody reads them until then (ENR-10)."""
LIVE: Final = frozenset({"current", "superseded", "archived"})
DIRECTIVES: Final = frozenset({"EXPPAT_3", "104144-1"})
AS_HOLDER: Final = "as_holder"
MANDATES: Final = frozenset({AS_HOLDER, "read_and_file", "read"})
"""How far a representative acts; a mandate of scope "none" opens nothing."""
HOLDER_SIDE: Final = frozenset({"holder", "representative", "caregiver", "assistant"})
READ: Final = frozenset({"see", "open"})
AUTHOR: Final = frozenset({"replace", "delete", "hide_from_holder", "hide_from_representatives"})
REVEAL: Final = frozenset({"reveal_to_holder", "reveal_to_representatives"})
MASKING: Final = frozenset({"mask", "unmask"})
KEEPING: Final = frozenset({"rename", "note", "move", "disown"})
ITEM_ASKS: Final = READ | AUTHOR | REVEAL | MASKING | KEEPING
PATIENT_ASKS: Final = frozenset(
    {"list", "create_folder", "read_identity", "read_profile", "write_profile", "read_notices"}
)
SETTING_ASKS: Final = frozenset({"change_access", "change_emergency", "read_journal", "read_access", "export"})
READING_ASKS: Final = frozenset(
    {"list", "read_identity", "read_profile", "read_notices", "read_journal", "read_access"}
)
"""What a judge's decision that lets somebody read alone is about."""
KEEPING_FROM_PARENTS: Final = frozenset({"hide_from_representatives", "reveal_to_representatives"})
WHILE_RESTRICTED: Final = frozenset({"read_identity", "read_notices"})
"""All that a recovered account may ask for 72 hours: whoever took it over reads nothing meanwhile (T13)."""
CONSULT_ASKS: Final = frozenset({"list", "open_record", "read_identity", "read_profile"})


@dataclass(frozen=True, slots=True)
class Asker:
    """Everything about who asks that the law looks at, already looked up.

    `role` is the capacity towards this very person; `readable_types` the row of the matrix for
    the profession (None: no row, so nothing is readable); `at` the instant of the act; `scope` what was ticked
    for a helper at a desk; `mandate` how far a representative acts; `may_hide` is a minor who may keep documents
    from the parents.
    """

    role: ActorKind
    space_state: str
    at: datetime
    professional_id: UUID | None = None
    institution_id: UUID | None = None
    mode: Mode = "normal"
    has_reason: bool = False
    is_blocked: bool = False
    is_attending: bool = False
    is_authorised: bool = False
    is_samu_opposed: bool = False
    is_break_glass_opposed: bool = False
    is_masked_opposed: bool = False
    readable_types: frozenset[str] | None = None
    scope: frozenset[str] = frozenset()
    mandate: str = AS_HOLDER
    may_hide: bool = False
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed or not, and the id of the rule that decided."""

    is_allowed: bool
    rule: str


def allow(rule: str) -> Decision:
    """Yes, by this rule."""
    return Decision(is_allowed=True, rule=rule)


def deny(rule: str) -> Decision:
    """No, by this rule."""
    return Decision(is_allowed=False, rule=rule)


def is_author(asker: Asker, item: Guarded) -> bool:
    """The same professional; the same structure where it filed as a structure (4.2, 5a)."""
    if item.author_kind == "professional":
        return (
            asker.role == "professional"
            and asker.professional_id is not None
            and asker.professional_id == item.author_professional_id
        )
    if item.author_kind == "institution":
        return (
            asker.role in {"professional", "institution"}
            and asker.institution_id is not None
            and asker.institution_id == item.author_institution_id
        )
    return item.author_kind == "holder" and asker.role in HOLDER_SIDE
