"""Keeping the history of reimbursed care, one person or a thousand at once, and its own switch."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from healthspace.access import gate
from healthspace.access.deed import deed
from healthspace.access.rules import TAKEN_IN_STATES
from healthspace.audit import actions as audit
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Conflict, Refused, StillAway
from healthspace.profile import rules
from healthspace.profile.reads import care as reads
from healthspace.profile.rules import CareLine
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces
from healthspace.vault import reads as vault
from healthspace.vault.reads import Sealer

Histories = Mapping[UUID, Sequence[CareLine]]
_KNOWN: Final = "SELECT person_id, sealed FROM profile_care_history WHERE person_id = ANY(%s)"
_KEEP: Final = (
    "INSERT INTO profile_care_history AS known (person_id, id, sealed, lines, is_hidden, kept_at)"
    " SELECT person_id, person_id, sealed, lines, false, %s FROM unnest(%s::uuid[], %s::bytea[], %s::int[])"
    " AS given (person_id, sealed, lines) ORDER BY person_id"
    " ON CONFLICT (person_id, id) DO UPDATE SET sealed = EXCLUDED.sealed, lines = EXCLUDED.lines,"
    " kept_at = EXCLUDED.kept_at WHERE sha256(known.sealed) = ANY(%s)"
)
_SWITCH: Final = (
    "INSERT INTO profile_care_history (person_id, id, sealed, lines, is_hidden, kept_at)"
    " VALUES (%s, %s, '', 0, %s, NULL) ON CONFLICT (person_id, id) DO UPDATE SET is_hidden = EXCLUDED.is_hidden"
)


@dataclass(frozen=True, slots=True)
class KeptCare:
    """Whose history changed, whose was here already, and whose space takes none, by its state."""

    changed: tuple[UUID, ...] = ()
    same: tuple[UUID, ...] = ()
    left_out: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Sorted:
    """What is to be written, person by person, digests of what it replaces, and whose lies in the archive still."""

    sealed: dict[UUID, bytes] = field(default_factory=dict)
    lines: dict[UUID, int] = field(default_factory=dict)
    before: set[bytes] = field(default_factory=lambda: {hashlib.sha256(b"").digest()})
    away: dict[UUID, str] = field(default_factory=dict)


@transaction.atomic
def keep_care_history(*, actor: Actor, person_id: UUID, lines: Sequence[CareLine]) -> KeptCare:
    """The same as `keep_care_histories`, of one person, in any role."""
    set_context(person_id)
    return keep_care_histories(actor=actor, histories={person_id: lines})


@transaction.atomic
def keep_care_histories(*, actor: Actor, histories: Histories) -> KeptCare:
    """Add the insurer's lines to many histories in one act, before or after opening; twice is once.

    Needs the worker's database role for more than the person in context. Only for the installation
    itself: Refused to anybody else. Opposed, closed and destroyed spaces take nothing. Conflict when another
    process wrote one of them meanwhile: then nothing is kept, and the caller asks again.
    """
    if actor.kind != "system":
        raise Refused("ENR-10")
    states = spaces.states(histories)
    left_out = {one: states.get(one, "absent") for one in histories if states.get(one) not in TAKEN_IN_STATES}
    sealers = vault.sealers(one for one in histories if one not in left_out)
    found = _changed({one: histories[one] for one in sealers}, sealers)
    changed = tuple(found.sealed)
    if changed:
        _write(found, clock.now())
    same = tuple(one for one in sealers if one not in found.sealed and one not in found.away)
    return KeptCare(changed, same, left_out | found.away)


def _changed(histories: Histories, sealers: Mapping[UUID, Sealer]) -> _Sorted:
    since, found = rules.first_day(clock.today()), _Sorted()
    known = _known(list(histories))
    for person_id, lines in histories.items():
        sealer, sealed = sealers[person_id], known.get(person_id, b"")
        try:
            packed = sealer.unseal(sealed, item=person_id, part=reads.PART) if sealed else b""
        except StillAway:
            found.away[person_id] = "still-away"
            continue
        together = rules.merged(rules.unpack(packed), lines, since=since)
        anew = rules.pack(together)
        if anew != packed:
            found.sealed[person_id] = sealer.seal(anew, item=person_id, part=reads.PART)
            found.lines[person_id] = len(together)
            if sealed:
                found.before.add(hashlib.sha256(sealed).digest())
    return found


def _known(person_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [list(person_ids)])
        return {person_id: bytes(sealed) for person_id, sealed in cursor.fetchall()}


def _write(found: _Sorted, at: datetime) -> None:
    """Rows and lines of the journal, each in one statement; what another process wrote since is not written over."""
    values: list[Any] = [at, list(found.sealed), list(found.sealed.values()), list(found.lines.values())]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [*values, list(found.before)])
        if cursor.rowcount != len(found.sealed):
            raise Conflict("another process wrote the same histories")
    audit.record_all(found.sealed, kind="care_history_added", at=at, rule="ENR-10")


@deed
def change_care_visibility(*, actor: Actor, person_id: UUID, is_hidden: bool) -> None:
    """The holder's own switch: professionals see the history, or not (domain 3.2)."""
    standing = gate.enter(actor=actor, person_id=person_id)
    kind = "care_history_hidden" if is_hidden else "care_history_shown"
    try:
        rule = gate.require(standing, "change_access").rule
    except gate.RefusedHere as refusal:
        raise gate.RefusedHere(standing, "change_care_history", None, refusal.rule) from None
    with connection.cursor() as cursor:
        cursor.execute(_SWITCH, [person_id, person_id, is_hidden])
    gate.journal(standing, kind, rule=rule)
