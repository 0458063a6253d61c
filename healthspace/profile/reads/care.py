"""The history of reimbursed care, for the holder and for professionals whom the law and the holder let.

For the law it is a document like another: reimbursement data (type REMB), from the health space itself,
masked when the holder switches it off. So the matrix, blocks, emergencies and the attending doctor's
rule hold for it unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from healthspace.access import gate, rules
from healthspace.access.deed import deed
from healthspace.access.guarded import Guarded
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.profile.rules import CareLine, first_day, unpack
from healthspace.schema.message import call, send, to_bool, to_bytes, to_instant

PART: Final = "care:1"
ASK: Final = "read_care_history"
_ONE: Final = "SELECT sealed, lines, is_hidden, kept_at FROM profile_care_history WHERE person_id = %s"


@dataclass(frozen=True, slots=True)
class CareHistory:
    """What the insurer paid for, latest first; `kept_at` is when it last came (None: never yet)."""

    lines: tuple[CareLine, ...]
    is_hidden: bool
    kept_at: datetime | None


@dataclass(frozen=True, slots=True)
class CareSummary:
    """How much there is, without a word of it."""

    lines: int
    is_hidden: bool
    kept_at: datetime | None


@deed
def care_history(*, actor: Actor, person_id: UUID) -> CareHistory:
    """The lines of the last 24 months for this reader; journalled. Refused like any document (ACC-1 ...)."""
    standing = gate.enter(actor=actor, person_id=person_id)
    sealed, _lines, is_hidden, kept_at = _row(person_id)
    rule = require(standing, "open", is_hidden=is_hidden, told_as=ASK)
    lines = unpack(gate.sealer(standing).unseal(sealed, item=person_id, part=PART)) if sealed else ()
    since = first_day(clock.today())
    gate.journal(standing, "care_history_read", rule=rule)
    return CareHistory(tuple(line for line in lines if line.on >= since), is_hidden, kept_at)


@deed
def care_summary(*, actor: Actor, person_id: UUID) -> CareSummary:
    """How many lines the holder's side has, for its first page."""
    standing = gate.enter(actor=actor, person_id=person_id)
    if standing.asker.role not in rules.HOLDER_SIDE:
        raise gate.absent(standing, ASK, None)
    _sealed, lines, is_hidden, kept_at = _row(person_id)
    require(standing, "see", is_hidden=is_hidden, told_as=ASK)
    return CareSummary(lines, is_hidden, kept_at)


def require(standing: gate.Standing, ask: str, *, is_hidden: bool, told_as: str) -> str:
    """The rule that allows the ask about this history; the refusal is journalled under its own name."""
    try:
        return gate.require(standing, ask, guarded(is_hidden=is_hidden)).rule
    except gate.RefusedHere as refusal:
        raise gate.RefusedHere(standing, told_as, None, refusal.rule) from None


def guarded(*, is_hidden: bool) -> Guarded:
    """The history as the law sees it: reimbursement data, masked or not."""
    return Guarded(
        status="current",
        type_code="REMB",
        class_code="60",
        author_kind="system",
        author_professional_id=None,
        author_institution_id=None,
        is_masked=is_hidden,
    )


def _row(person_id: UUID) -> tuple[Any, ...]:
    found = send(call(_ONE, [person_id]), (to_bytes, int, to_bool, to_instant))
    return found[0] if found else (b"", 0, False, None)
