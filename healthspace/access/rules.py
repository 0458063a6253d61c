"""Who may do what: the decision of CSP L.1111-13 ff. and R.1111-46 ff., in plain Python.

`decide` answers every question with the rule that settled it. Order matters and follows the
law: first what ends every access (closed, deleted), then who asks. What no rule allows is
refused under `DEFAULT`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
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

HOLDER_SIDE: Final = frozenset({"holder", "representative", "caregiver"})

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
CONSULT_ASKS: Final = frozenset({"list", "open_record", "read_identity", "read_profile"})


@dataclass(frozen=True, slots=True)
class Asker:
    """Everything about who asks that the law looks at, already looked up.

    `role` is the capacity towards this very person; `readable_types` the row of the matrix for
    the profession (None: no row, so nothing is readable); `at` the instant of the act.
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


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed or not, and the id of the rule that decided."""

    is_allowed: bool
    rule: str


def comes_of_age(born_on: date) -> datetime:
    """The instant at which nobody acts for a child any more: 00:00 of the eighteenth birthday in Paris (CHI-6).

    Who was born on 29 February comes of age on 1 March: no year eighteen years after a leap year is one.
    """
    month, day = (3, 1) if (born_on.month, born_on.day) == (2, 29) else (born_on.month, born_on.day)
    return datetime(born_on.year + MAJORITY_YEARS, month, day, tzinfo=LAW_ZONE)


def allow(rule: str) -> Decision:
    """Yes, by this rule."""
    return Decision(is_allowed=True, rule=rule)


def deny(rule: str) -> Decision:
    """No, by this rule."""
    return Decision(is_allowed=False, rule=rule)


def decide(asker: Asker, ask: str, item: Guarded | None = None) -> Decision:
    """May this asker do this to this person's space, or to this document of it?"""
    if ask == "deposit":
        return _deposit(asker)
    if ask == "take_over":
        return _take_over(asker)
    if asker.space_state not in OPEN_STATES:
        return deny("CLO-1")
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
    if _is_author(asker, item) and ask in READ | {"delete"}:
        return allow("ID-1")
    return deny("ID-1")


def _is_author(asker: Asker, item: Guarded) -> bool:
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


def _is_hidden_from_holder(asker: Asker, item: Guarded) -> bool:
    until = item.hidden_from_holder_until
    return until is not None and asker.at < until


def _holder(asker: Asker, ask: str, item: Guarded | None) -> Decision:
    if item is None:
        return allow("OWN") if ask in PATIENT_ASKS | SETTING_ASKS else deny("DEFAULT")
    if _is_hidden_from_holder(asker, item):
        return deny("ANN-1")
    if ask in READ | KEEPING:
        return allow("OWN")
    if ask in MASKING:
        return allow("ACC-17")
    if ask in {"replace", "delete"} and _is_author(asker, item):
        return allow("OWN")
    return deny("ACC-8A" if ask in AUTHOR else "DEFAULT")


def _representative(asker: Asker, ask: str, item: Guarded | None) -> Decision:
    if item is not None and item.is_hidden_from_representatives:
        return deny("CHI-4")
    if item is not None and item.type_code in DIRECTIVES:
        return deny("CHI-4D")
    return _holder(asker, ask, item)


def _caregiver(asker: Asker, ask: str, item: Guarded | None) -> Decision:
    """As the holder, without sharing and settings (3.10)."""
    if ask in SETTING_ASKS | MASKING:
        return deny("CAR-1")
    return _holder(asker, ask, item)


def _professional(asker: Asker, ask: str, item: Guarded | None) -> Decision:
    if item is None:
        return _professional_space(asker, ask)
    if _is_author(asker, item):
        return _own_deposit(ask)
    if ask in AUTHOR:
        return deny("ACC-8A")
    if asker.is_blocked:
        return deny("ACC-10")
    if ask in READ:
        return _read(asker, item)
    if ask == "mask" or ask in REVEAL:
        return _change_for_others(asker, item)
    return deny("ACC-17" if ask == "unmask" else "DEFAULT")


def _own_deposit(ask: str) -> Decision:
    """What one filed stays readable and correctable; a mask is the person's to lift (ACC-17)."""
    if ask == "mask" or ask in READ | AUTHOR | REVEAL:
        return allow("ACC-8")
    return deny("ACC-17" if ask == "unmask" else "DEFAULT")


def _professional_space(asker: Asker, ask: str) -> Decision:
    if asker.is_blocked:
        return deny("ACC-10")
    if ask in {"find_patient", "declare_consent"}:
        return allow("ACC-9")
    if ask not in CONSULT_ASKS:
        return deny("DEFAULT")
    if asker.is_attending:
        return allow("ACC-5")
    if asker.mode != "normal":
        return _emergency(asker)
    return allow("ACC-2") if asker.is_authorised else deny("ACC-1")


def _read(asker: Asker, item: Guarded) -> Decision:
    """4.2, 5c to 5e: attending doctor, then emergency, then authorisation, mask and matrix."""
    if asker.is_attending:
        return allow("ACC-5")
    if asker.mode != "normal":
        emergency = _emergency(asker)
        if not emergency.is_allowed:
            return emergency
        if item.is_masked and asker.is_masked_opposed:
            return deny("EMG-1M")
        return emergency if _is_readable(asker, item) else deny("ACC-M")
    if not asker.is_authorised:
        return deny("ACC-1")
    if item.is_masked:
        return deny("ACC-17")
    return allow("ACC-2") if _is_readable(asker, item) else deny("ACC-M")


def _change_for_others(asker: Asker, item: Guarded) -> Decision:
    """Masking at the patient's wish, or showing to patient or parents, needs a valid authorisation (ACC-19b)."""
    if asker.mode != "normal":
        return deny("ACC-19b")
    readable = _read(asker, item)
    return allow("ACC-19b") if readable.is_allowed else readable


def _emergency(asker: Asker) -> Decision:
    """SAMU and break-glass, each stopped by its own opposition only (EMG-1); reasoned (EMG-2)."""
    if asker.mode == "samu":
        return deny("EMG-1") if asker.is_samu_opposed else allow("EMG-3")
    if asker.mode != "break_glass":
        return deny("DEFAULT")
    if asker.is_break_glass_opposed:
        return deny("EMG-1")
    return allow("EMG-2") if asker.has_reason else deny("EMG-2")


def _is_readable(asker: Asker, item: Guarded) -> bool:
    return asker.readable_types is not None and item.type_code in asker.readable_types


def _institution(asker: Asker, ask: str, item: Guarded | None) -> Decision:
    """Software that names no professional feeds and keeps its own deposits, and reads no more."""
    if item is None:
        if asker.is_blocked:
            return deny("ACC-10")
        return allow("ACC-9") if ask == "find_patient" else deny("ACC-1")
    if _is_author(asker, item):
        return _own_deposit(ask)
    return deny("ACC-8A" if ask in AUTHOR else "ACC-1")


def _system(asker: Asker, ask: str, item: Guarded | None) -> Decision:
    """The product itself tells people and takes old records over; it opens nothing."""
    return allow("ENR-10") if item is None and ask == "write_profile" else deny("DEFAULT")


_BY_ROLE: Final[dict[str, Callable[[Asker, str, Guarded | None], Decision]]] = {
    "holder": _holder,
    "representative": _representative,
    "caregiver": _caregiver,
    "professional": _professional,
    "institution": _institution,
    "system": _system,
}
