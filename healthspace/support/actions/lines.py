"""What the acts of the desk share: who may, the queue, one line in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from healthspace.access import gate
from healthspace.audit import actions as audit
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.support.models import QueueLine
from healthspace.support.reads import queue
from healthspace.vault import actions as secrets
from healthspace.vault import reads as vault

RULE = "T12"


def require_agent(actor: Actor) -> None:
    """An agent of the desk, and nobody else."""
    if actor.kind != "support":
        raise Refused(RULE)


def own(actor: Actor, person_id: UUID, ask: str) -> gate.Standing:
    """The holder in their own open space; a refusal of anybody else is journalled by the deed."""
    standing = gate.enter(actor=actor, person_id=person_id)
    if standing.asker.role != "holder":
        raise gate.RefusedHere(standing, ask, None, "OWN")
    if not gate.decide(standing, "read_notices").is_allowed:
        raise gate.RefusedHere(standing, ask, None, "CLO-1")
    return standing


def journal(
    person_id: UUID,
    actor: Actor,
    kind: str,
    *,
    item_id: UUID | None = None,
    details: Mapping[str, str] | None = None,
) -> None:
    """One line in this person's journal, in the current transaction; none where no key opens any more."""
    try:
        sealer = vault.journal_sealer(person_id)
    except vault.KeyDestroyed:
        return
    audit.record(
        person_id=person_id,
        actor=actor,
        kind=kind,
        outcome="done",
        rule=RULE,
        item_id=item_id,
        details=details,
        seal=lambda plain, event_id: sealer.seal(plain, item=event_id, part="event"),
    )


def enqueue(*, item_id: UUID, person_id: UUID, kind: str, topic: str) -> None:
    """This waits for an agent; asked twice, it waits once, since the first time."""
    QueueLine.objects.get_or_create(
        uuid=item_id,
        defaults={
            "kind": kind,
            "topic": topic,
            "since": clock.now(),
            "sealed_whose": secrets.seal_secret(person_id.bytes, purpose=queue.purpose(item_id)),
        },
    )


def dequeue(item_id: UUID) -> None:
    """It waits no more."""
    QueueLine.objects.filter(uuid=item_id).delete()
