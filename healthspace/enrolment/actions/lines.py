"""One line of this room in a person's journal."""

from __future__ import annotations

from uuid import UUID

from healthspace.audit import actions as audit
from healthspace.common.actor import Actor
from healthspace.vault import reads as vault


def journal(
    person_id: UUID,
    actor: Actor,
    kind: str,
    rule: str,
    *,
    item_id: UUID | None = None,
    details: dict[str, str] | None = None,
) -> None:
    """Add one line, sealed under the person's key, in the current transaction of that person."""
    sealer = vault.journal_sealer(person_id)
    audit.record(
        person_id=person_id,
        actor=actor,
        kind=kind,
        outcome="done",
        rule=rule,
        item_id=item_id,
        details=details,
        seal=lambda plain, event_id: sealer.seal(plain, item=event_id, part="event"),
    )
