"""Deposits kept apart: identity not certain (ID-1), or not yet scanned (T52).

They are sealed under a key of their own for the identity claimed, never put into a space, and
nobody is told their content.
"""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from healthspace.access import gate
from healthspace.audit import actions as audit
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Conflict, Invalid
from healthspace.common.ids import new_id
from healthspace.documents.adapters import antivirus
from healthspace.documents.models import Quarantine
from healthspace.documents.rules import Order, Receipt, Waiting
from healthspace.schema.context import set_context
from healthspace.vault import actions as vault
from healthspace.vault import reads as keys


class IdentityDiffers(Exception):
    """The person found by INS is not who the sender describes; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def doubt_of_scan(order: Order) -> str:
    """Why this content waits: empty if clean or no scanner is set; infected is refused."""
    verdict = antivirus.scanner(settings.CLAMD_ADDRESS).scan(order.content).verdict
    if verdict == "infected":
        raise Invalid(
            "content",
            "SCAN-1",
            gettext_noop("The file holds a known virus."),
            gettext_noop("Clean the file, then send it."),
        )
    return "scanner-down" if verdict == "unavailable" else ""


def stand_in(order: Order) -> UUID:
    """The identifier that stands for a claimed identity; the same claim gives the same one."""
    if order.identity is None:
        claim = str(order.person_id)
    else:
        claim = f"{order.identity.ins.oid}|{order.identity.ins.matricule}"
    return UUID(bytes=keys.find_key("quarantine", claim)[:16], version=4)


def keep(*, actor: Actor, order: Order, reason: str) -> Receipt:
    """Put a deposit into quarantine, once per sender's identifier; answers with its number.

    `Conflict` when other bytes wait under this identifier: they are not the same deposit.
    """
    try:
        return _keep(actor=actor, order=order, reason=reason)
    except IntegrityError:  # the same deposit, a moment ago
        return _keep(actor=actor, order=order, reason=reason)


def _keep(*, actor: Actor, order: Order, reason: str) -> Receipt:
    person_id = stand_in(order)
    source_key = keys.find_key("source", f"{actor.institution_id or actor.id}|{order.source_id}")
    with transaction.atomic():
        set_context(person_id)
        waiting = Quarantine.objects.filter(person_id=person_id, source_key=source_key).first()
        if waiting is not None:
            if keys.open_blob(person_id=person_id, item=waiting.id, blob=waiting.blob) != order.content:
                raise Conflict("the same identifier was used for another document")
            return Receipt("quarantined", waiting.id, person_id, reason=waiting.reason)
        sealer = _sealer(person_id)
        waiting_id = new_id()
        Quarantine.objects.create(
            person_id=person_id,
            id=waiting_id,
            reason=reason,
            received_at=clock.now(),
            author_professional_id=actor.professional_id,
            author_institution_id=actor.institution_id,
            source_key=source_key,
            blob=vault.store_blob(person_id=person_id, item=waiting_id, content=order.content),
            card=sealer.seal(Waiting(actor, order).to_bytes(), item=waiting_id, part="card:1"),
        )
        audit.record(
            person_id=person_id,
            actor=actor,
            kind="document_quarantined",
            outcome="done",
            rule="ID-1",
            item_id=waiting_id,
            details={"reason": reason},
            seal=gate.event_seal(person_id),
        )
    return Receipt("quarantined", waiting_id, person_id, reason=reason)


def _sealer(person_id: UUID) -> keys.Sealer:
    """The key of a claimed identity, made when it is first claimed; another may be doing so at this moment."""
    try:
        return keys.sealer(person_id)
    except keys.KeyDestroyed:
        with suppress(Conflict):
            vault.create_key(person_id=person_id)
        return keys.sealer(person_id)
