"""Who may answer with a code, and what a code is worth at an instant (ENR-4, ENR-6, ENR-7, T01-T03)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal
from uuid import UUID

from healthspace.common.errors import HealthspaceError, Invalid
from healthspace.enrolment.rules import delays
from healthspace.spaces.rules import form_of, nir_key

Reason = Literal[
    "unknown", "too_soon", "expired", "used", "replaced", "locked",
    "deceased", "active", "closed", "suspended", "late", "session", "minor",
]  # fmt: skip
Ability = Literal["activate", "refuse", "withdraw", "undo", "close", "recover", "own_way"]

MAJORITY: Final = delays.MAJORITY_YEARS
CLAIM_LASTS: Final = timedelta(minutes=delays.CLAIM_MINUTES)
TRIES_WAIT: Final = timedelta(minutes=delays.TRIES_MINUTES)
MOST_PER_SOURCE: Final = delays.TRIES_OF_SOURCE
MOST_PER_PAIR: Final = delays.TRIES_OF_PAIR
MOST_PER_NATION: Final = delays.TRIES_OF_NATION
MOST_PER_SOURCE_IN_ALARM: Final = delays.TRIES_OF_SOURCE_IN_ALARM
CARD_SERIALS: Final = range(8, 14)
PHOTO_CARD_SERIAL: Final = 11
PHOTO_CARD_PREFIX: Final = "8025000002"


class NotAccepted(HealthspaceError):
    """A code that opens nothing now; `reason` may be told to whoever typed it."""

    code = "code-not-accepted"

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class TooSoon(NotAccepted):
    """Too many tries, or two requests at once: the same whether or not the person exists."""

    code = "too-soon"

    def __init__(self, wait_seconds: int) -> None:
        super().__init__("too_soon")
        self.wait_seconds = wait_seconds


@dataclass(frozen=True, slots=True)
class KeptCode:
    """A code as it is kept."""

    id: UUID
    purpose: str
    key: bytes
    expires_at: datetime
    wrong_tries: int
    is_used: bool
    is_replaced: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody proved with a code that its letter reached them; what they may answer now.

    `by_person_id`: who answers: the person, or a parent of the child. `kept()` goes into the session.
    """

    person_id: UUID
    code_id: UUID
    by_person_id: UUID
    name: str
    language: str
    is_child: bool
    state: str
    deadline_at: datetime | None
    may: frozenset[Ability]
    proved_at: datetime
    undo_until: datetime | None = None

    def kept(self) -> dict[str, str]:
        """Ids and an instant only, for the visitor's session."""
        return {
            "person_id": str(self.person_id),
            "code_id": str(self.code_id),
            "by_person_id": str(self.by_person_id),
            "proved_at": self.proved_at.isoformat(),
        }


def number(text: str, *, allow_test: bool = False) -> str:
    """The 15 characters of a number as typed (spaces, with or without its key); Invalid if it is none.

    Where test identities are taken (`allow_test`) a wrong key passes: many of theirs are wrong.
    """
    typed = "".join(c for c in text[:40] if c not in " .-\u00a0\u202f\t").upper()
    if len(typed) == 13 and form_of(typed):
        typed += nir_key(typed)
    if len(typed) != 15 or not form_of(typed[:13]) or not typed[13:].isdecimal() or not typed.isascii():
        raise Invalid(
            "matricule",
            "INS-FORM",
            "A social security number has 13 characters and a key of 2 digits.",
            "Copy it from the health card or from the letter.",
        )
    if typed[13:] != nir_key(typed[:13]) and not allow_test:
        raise Invalid(
            "matricule", "INS-KEY", "The key of this social security number is wrong.", "Read the number again."
        )
    return typed


def card_serial(text: str) -> str:
    """The serial number of a health card: its last 11 digits with a photo, 8 to 13 without (ENR-5)."""
    digits = "".join(c for c in text[:40] if c not in " .-\u00a0\u202f\t")
    if digits.startswith(PHOTO_CARD_PREFIX) and len(digits) > PHOTO_CARD_SERIAL:
        digits = digits[-PHOTO_CARD_SERIAL:]
    if not (digits.isascii() and digits.isdecimal()) or len(digits) not in CARD_SERIALS:
        raise Invalid(
            "serial",
            "ENR-5",
            "The serial number of a health card has 8 to 13 digits.",
            "Copy the last 11 digits on the front of a card with a photo, all of them on a card without.",
        )
    return digits


def is_minor(born_on: date, today: date) -> bool:
    """True until the day of the eighteenth birthday (CHI-6); 29 February comes of age on 1 March."""
    return (today.year - born_on.year, today.month, today.day) < (MAJORITY, born_on.month, born_on.day)


def is_locked(wrong_tries: int, *, is_counted: bool) -> bool:
    """Whether a code is dead of wrong tries (T01).

    `is_counted`: the try being weighed is in the number already, being counted before it is compared; so a
    right one may be the fifth, and only a code at rest is dead at five.
    """
    return wrong_tries > delays.WRONG_TRIES if is_counted else wrong_tries >= delays.WRONG_TRIES


def flaw(code: KeptCode, at: datetime) -> Reason | None:
    """Why a right code opens nothing any more, or None; told only to whoever holds it."""
    if code.is_used:
        return "used"
    if code.is_replaced:
        return "replaced"
    if is_locked(code.wrong_tries, is_counted=True):
        return "locked"
    return "expired" if at >= code.expires_at else None


# What only the person may do, whoever else typed their number: an account is nobody else's (T13, T21).
OWN: Final[frozenset[Ability]] = frozenset({"recover", "own_way"})
_MAY: Final[Mapping[tuple[str, str], frozenset[Ability]]] = MappingProxyType(
    {
        ("answer", "not_informed"): frozenset({"activate", "refuse"}),
        ("answer", "informed"): frozenset({"activate", "refuse"}),
        ("answer", "opposed"): frozenset({"activate", "withdraw"}),
        ("answer", "open_inactive"): frozenset({"activate", "close"}),
        ("recover", "active"): frozenset({"recover"}),
        ("undo", "opposed"): frozenset({"undo"}),
        ("own_way", "open_inactive"): frozenset({"own_way"}),
        ("own_way", "active"): frozenset({"own_way"}),
    }
)
_WHY: Final[Mapping[str, Reason]] = MappingProxyType(
    {
        "active": "active",
        "suspended": "suspended",
        "closed": "closed",
        "deletion_requested": "closed",
        "deleted": "closed",
        "closed_deceased": "deceased",
    }
)


def may(purpose: str, state: str) -> frozenset[Ability]:
    """What a right code of this purpose lets its holder do while the space is in this state."""
    return _MAY.get((purpose, state), frozenset())


def why_not(state: str) -> Reason:
    """Why nothing can be answered in this state."""
    return _WHY.get(state, "used")
