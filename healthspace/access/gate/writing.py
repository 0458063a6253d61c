"""Sealing and journalling for the person of a standing."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from healthspace.access.gate.facts import Standing
from healthspace.audit import actions as audit
from healthspace.audit.ports import Seal
from healthspace.schema.message import call, send
from healthspace.vault import reads as vault


def sealer(standing: Standing) -> vault.Sealer:
    """Seals and unseals for the person of this standing."""
    return vault.sealer(standing.person_id)


def journal(
    standing: Standing,
    kind: str,
    *,
    rule: str,
    item_id: UUID | None = None,
    outcome: audit.Outcome = "done",
    details: Mapping[str, str] | None = None,
    is_hidden_from_representatives: bool = False,
) -> None:
    """One event of this person's journal, sealed, in the act's own transaction.

    What is hidden from legal representatives leaves them no line either (CHI-4).
    """
    statement = journal_sql(
        standing,
        kind,
        rule=rule,
        item_id=item_id,
        outcome=outcome,
        details=details,
        is_hidden_from_representatives=is_hidden_from_representatives,
    )
    send(statement)


def journal_sql(
    standing: Standing,
    kind: str,
    *,
    rule: str,
    item_id: UUID | None = None,
    outcome: audit.Outcome = "done",
    details: Mapping[str, str] | None = None,
    is_hidden_from_representatives: bool = False,
) -> str:
    """The statement of `journal`, to be sent together with the commit."""
    statement, values = audit.prepare(
        person_id=standing.person_id,
        actor=standing.actor,
        kind=kind,
        outcome=outcome,
        rule=rule,
        item_id=item_id,
        details=details,
        is_hidden_from_representatives=is_hidden_from_representatives,
        seal=event_seal(standing.person_id),
    )
    return call(statement, values)


def event_seal(person_id: UUID) -> Seal:
    """Seals the payload of an event under the person's key."""
    seal = vault.journal_sealer(person_id).seal
    return lambda plain, event_id: seal(plain, item=event_id, part="event")
