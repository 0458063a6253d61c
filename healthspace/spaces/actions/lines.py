"""What the acts on a space share: who may, the row locked, one line in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from healthspace.audit import actions as audit
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused, Unavailable
from healthspace.spaces.models import Space
from healthspace.vault import reads as vault

OPENERS = frozenset({"system", "support"})


def require_own(actor: Actor, person_id: UUID) -> None:
    """The holder, or whoever acts as the holder (`access` looked whether they may); the installation for either."""
    is_own = actor.kind in {"holder", "representative", "assistant"} and actor.person_id == person_id
    if not is_own and actor.kind not in OPENERS:
        raise Refused("OWN")


def locked(person_id: UUID) -> Space:
    """The row of this person, locked; Refused when there is none."""
    row = Space.objects.select_for_update(of=("self",)).filter(person_id=person_id).first()
    if row is None:
        raise Refused("ABSENT")
    return row


def journal(
    person_id: UUID,
    actor: Actor,
    kind: str,
    rule: str,
    *,
    event_id: UUID | None = None,
    details: Mapping[str, str] | None = None,
) -> None:
    """One line in the journal of this person, sealed; unsealed and empty when no key opens any more."""
    audit.record(
        person_id=person_id,
        actor=actor,
        kind=kind,
        outcome="done",
        rule=rule,
        event_id=event_id,
        details=details,
        seal=_seal(person_id),
    )


def _seal(person_id: UUID) -> audit.Seal:
    try:
        sealer = vault.journal_sealer(person_id)
    except (vault.KeyDestroyed, Unavailable):  # a destruction after a restore without the old root key
        return lambda plain, event_id: b""
    return lambda plain, event_id: sealer.seal(plain, item=event_id, part="event")
