"""Whom a typed number and birth date may stand for, and the claim a session goes on with (T02, T03).

The same statements run whether or not the person exists: missing people are replaced by decoys.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from healthspace.common import clock, ids
from healthspace.common.errors import Refused
from healthspace.enrolment.models import Answer, Enrollee
from healthspace.enrolment.rules import claims as rules
from healthspace.enrolment.rules.claims import Claim, KeptCode, NotAccepted, Reason, TooSoon
from healthspace.people import reads as people
from healthspace.schema.context import entering_sql, set_context
from healthspace.schema.message import call, send, to_bool, to_bytes, to_instant, to_text, to_uuid
from healthspace.spaces import reads as spaces
from healthspace.vault import reads as vault

__all__ = [
    "SLOTS", "SLOTS_OF_MINORS", "Candidate", "Claim", "NotAccepted", "TooSoon", "candidates", "claim_of", "codes_of",
    "held", "name_of", "recall",
]  # fmt: skip

# As many people are looked at whether the number is unknown, nobody's parent or the parent of twenty: how many
# depends only on what was typed, an adult's birth date or a minor's.
SLOTS: Final = 4
MOST_CHILDREN: Final = 20
SLOTS_OF_MINORS: Final = MOST_CHILDREN + 1
_ROW: Final = "SELECT born_key, card_key FROM enrolment_enrollee WHERE person_id = %s AND id = %s"
_CHILDREN: Final = f"SELECT id FROM enrolment_dependant WHERE person_id = %s ORDER BY id LIMIT {MOST_CHILDREN}"
CODES: Final = (
    "SELECT id, purpose, code_key, expires_at, wrong_tries, used_at IS NOT NULL, replaced_at IS NOT NULL"
    " FROM enrolment_code WHERE person_id = %s ORDER BY issued_at DESC LIMIT 20"
)
CODE_TYPES: Final = (to_uuid, to_text, to_bytes, to_instant, int, to_bool, to_bool)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person whom the typed pair may mean; `owner_id` is whose number was typed. Decoys never fit."""

    person_id: UUID
    owner_id: UUID
    is_born_then: bool
    has_card: bool


def candidates(*, matricule: str, born_on: date, at: datetime, today: date, card_serial: str = "") -> list[Candidate]:
    """The owner of a number and, for a minor's birth date, the children beside; decoys to fill up.

    In a transaction; leaves it in the context of the last one.
    """
    owners = spaces.persons_of_number(matricule) or [ids.new_id()]
    asked: list[tuple[UUID, UUID]] = [(owner, owner) for owner in owners]
    is_minor = rules.is_minor(born_on, today)
    for owner in owners:
        enter = entering_sql(owner, at=at)
        children = send(f"{enter}; {call(_CHILDREN, [owner])}", (to_uuid,))
        if is_minor:
            asked += [(child, owner) for (child,) in children if (child, child) not in asked]
    asked += [(ids.new_id(), owners[0]) for _ in range((SLOTS_OF_MINORS if is_minor else SLOTS) - len(asked))]
    found, cards = [], dict.fromkeys(owners, False)
    for person_id, owner_id in asked:
        born_key, card_key = _row(person_id, at)
        if person_id in cards:
            cards[person_id] = _is_same(card_key, "card", f"{person_id}|{card_serial}")
        is_born_then = _is_same(born_key, "born", f"{person_id}|{born_on.isoformat()}")
        found.append(Candidate(person_id, owner_id, is_born_then, cards[owner_id]))
    return found


def _row(person_id: UUID, at: datetime) -> tuple[bytes, bytes]:
    rows = send(f"{entering_sql(person_id, at=at)}; {call(_ROW, [person_id, person_id])}", (to_bytes, to_bytes))
    born_key, card_key = rows[0] if rows else (None, None)
    return bytes(born_key or b""), bytes(card_key or b"")


def _is_same(kept: bytes, purpose: str, value: str) -> bool:
    return hmac.compare_digest(kept, vault.find_key(purpose, value)[:16])


def codes_of(person_id: UUID) -> list[KeptCode]:
    """Every code of the person of this context, newest first, living or dead."""
    rows = send(call(CODES, [person_id]), CODE_TYPES)
    return [KeptCode(row[0], row[1], bytes(row[2]), *row[3:]) for row in rows]


def claim_of(*, candidate: Candidate, code: KeptCode, at: datetime, today: date) -> Claim | NotAccepted:
    """What the holder of this right code may do now, or why nothing; sets the context of the person."""
    set_context(candidate.person_id)
    reason = rules.flaw(code, at)
    state = spaces.state(candidate.person_id)
    may = rules.may(code.purpose, state.state)
    if state.state == "closed_deceased":
        return NotAccepted("deceased")
    if reason is not None:
        return NotAccepted(reason)
    if not may:
        return NotAccepted(rules.why_not(state.state))
    who = spaces.identity(candidate.person_id)
    is_child = rules.is_minor(who.traits.born_on, today)
    by_person_id = candidate.owner_id
    if may <= rules.OWN:
        fault = _fault_of_own(candidate, may, state.state, is_child=is_child)
        if fault is not None:
            return NotAccepted(fault)
    elif is_child and by_person_id == candidate.person_id:
        by_person_id = _row_of(candidate.person_id).parent_id or by_person_id
    return Claim(
        person_id=candidate.person_id,
        code_id=code.id,
        by_person_id=by_person_id,
        name=who.name,
        language=state.language,
        is_child=is_child,
        state=state.state,
        deadline_at=state.deadline_at,
        may=may,
        proved_at=at,
    )


def _fault_of_own(candidate: Candidate, may: frozenset[rules.Ability], state: str, *, is_child: bool) -> Reason | None:
    """Why this code makes or gives back no account: a parent typed it, or there is one already, or none (T13, T21).

    A minor's account is never given back by a letter: it comes to the home of those whom it may hide things from.
    """
    if candidate.owner_id != candidate.person_id:
        return "unknown"
    has_account = people.account_of_person(candidate.person_id) is not None
    if "own_way" in may:
        return "used" if has_account else None
    if not has_account:
        return rules.why_not(state)
    return "minor" if is_child else None


def held(*, person_id: UUID, code_id: UUID, by_person_id: UUID | None = None) -> Claim | None:
    """The claim of a session as it stands now; None once its code is used, replaced or expired."""
    at = clock.now()
    with transaction.atomic():
        set_context(person_id)
        code = next((code for code in codes_of(person_id) if code.id == code_id), None)
        if code is None:
            return None
        candidate = Candidate(person_id, by_person_id or person_id, is_born_then=True, has_card=False)
        found = claim_of(candidate=candidate, code=code, at=at, today=clock.today())
        if isinstance(found, NotAccepted) and found.reason == "used":
            found = _just_refused(candidate, code, at) or found
    return found if isinstance(found, Claim) else None


def _just_refused(candidate: Candidate, code: KeptCode, at: datetime) -> Claim | None:
    """Whoever refused in this very session may undo it there, without waiting for the confirmation (T25)."""
    answer = (
        Answer.objects.filter(person_id=candidate.person_id, kind="opposed", undone_at=None, undo_until__gt=at)
        .order_by("-at")
        .first()
    )
    if answer is None:
        return None
    living = replace(code, is_used=False, purpose="undo", expires_at=at + rules.CLAIM_LASTS)
    claim = claim_of(candidate=candidate, code=living, at=at, today=clock.today())
    return replace(claim, undo_until=answer.undo_until) if isinstance(claim, Claim) else None


def recall(kept: Mapping[str, str]) -> Claim:
    """The claim that `Claim.kept()` went into a session as; NotAccepted once it is over or answered."""
    try:
        person_id, code_id, by_person_id = (UUID(kept[name]) for name in ("person_id", "code_id", "by_person_id"))
        proved_at = datetime.fromisoformat(kept["proved_at"])
    except (KeyError, ValueError):
        raise NotAccepted("session") from None
    is_in_time = proved_at <= clock.now() < proved_at + rules.CLAIM_LASTS
    claim = held(person_id=person_id, code_id=code_id, by_person_id=by_person_id) if is_in_time else None
    if claim is None:
        raise NotAccepted("session")
    return claim


def name_of(person_id: UUID) -> str:
    """The name of a person in a transaction of their own; "" when they have no space."""
    with transaction.atomic():
        set_context(person_id)
        try:
            return spaces.identity(person_id).name
        except (Refused, vault.KeyDestroyed):  # a parent without a space, or whose space is closed
            return ""


def _row_of(person_id: UUID) -> Enrollee:
    return Enrollee.objects.get(person_id=person_id, id=person_id)
