"""Writing the journal: one line an act, in the act's own transaction."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from typing import Any, Final, Literal
from uuid import UUID

from healthspace.audit import kinds, rules
from healthspace.audit.ports import Seal
from healthspace.common import clock, ids
from healthspace.common.actor import Actor
from healthspace.schema.message import call, send

Outcome = Literal["done", "refused"]
_ADD: Final = (
    "INSERT INTO audit_event (person_id, id, at, kind, actor_kind, actor_id, institution_id, item_id,"
    " outcome, rule, is_hidden_from_representatives, sealed, payload_hash)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def record(
    *,
    person_id: UUID,
    actor: Actor,
    kind: str,
    outcome: Outcome,
    rule: str,
    seal: Seal,
    item_id: UUID | None = None,
    details: Mapping[str, str] | None = None,
    is_hidden_from_representatives: bool = False,
    event_id: UUID | None = None,
) -> UUID:
    """Add one line to the person's journal, in the current transaction; gives its id.

    `event_id` when the ledger of destructions named the line before. `ValueError` for a kind that nobody can tell.
    """
    statement, values = prepare(
        person_id=person_id,
        actor=actor,
        kind=kind,
        outcome=outcome,
        rule=rule,
        seal=seal,
        item_id=item_id,
        details=details,
        is_hidden_from_representatives=is_hidden_from_representatives,
        event_id=event_id,
    )
    send(call(statement, values))
    return values[1]  # type: ignore[no-any-return]


def prepare(
    *,
    person_id: UUID,
    actor: Actor,
    kind: str,
    outcome: Outcome,
    rule: str,
    seal: Seal,
    item_id: UUID | None = None,
    details: Mapping[str, str] | None = None,
    is_hidden_from_representatives: bool = False,
    event_id: UUID | None = None,
) -> tuple[str, tuple[Any, ...]]:
    """The same line as SQL and its values, for a caller who sends several statements at once."""
    if kind not in kinds.KINDS:
        raise ValueError(f"no such kind of event: {kind}")
    event_id = event_id or ids.new_id()
    payload = _payload(actor, details or {})
    return _ADD, (
        person_id,
        event_id,
        clock.now(),
        kind,
        actor.kind,
        actor.id,
        actor.institution_id,
        item_id,
        outcome,
        rule,
        is_hidden_from_representatives,
        seal(payload, event_id),
        hashlib.sha256(payload).digest(),
    )


def _payload(actor: Actor, details: Mapping[str, str]) -> bytes:
    """What is sealed: 32 random bytes, so that its hash cannot be guessed, then names and reasons."""
    return os.urandom(rules.BLIND_BYTES) + rules.canonical(
        {
            "actor": actor.name,
            "details": {**details, **({"on_paper": actor.on_paper} if actor.on_paper else {})},
            "institution": actor.institution_name,
            "mode": actor.mode,
            "profession": actor.profession,
            "reason": actor.reason,
            "software": actor.software,
        }
    )
