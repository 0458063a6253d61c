"""What waited for the virus scanner is filed once the scanner answers again (T52)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from healthspace.common import clock
from healthspace.common.errors import HealthspaceError, Invalid, Unavailable
from healthspace.documents.actions.filing import deposit
from healthspace.documents.models import Quarantine
from healthspace.documents.rules import Waiting
from healthspace.schema.context import set_context
from healthspace.vault import reads as vault


def release_waiting(limit: int = 100) -> int:
    """Try again what only the scanner held back, oldest first; gives how many were settled.

    For the worker, whose database role may look across persons. What is infected is settled as
    such; what cannot be filed for another reason keeps waiting under that reason.
    """
    waiting = Quarantine.objects.filter(reason="scanner-down", settled_at=None).order_by("received_at")
    found = list(waiting.values_list("person_id", "id")[:limit])
    return sum(_release(person_id, waiting_id) for person_id, waiting_id in found)


def _release(person_id: UUID, waiting_id: UUID) -> bool:
    try:
        kept = _kept(person_id, waiting_id)
        receipt = deposit(actor=kept.actor, order=kept.order)
    except Invalid:
        return _settle(person_id, waiting_id, "infected")
    except (Unavailable, vault.CannotUnseal):  # nothing is settled by a full disk or a body that cannot be read
        return False
    except HealthspaceError as fault:
        return _settle(person_id, waiting_id, fault.code)
    if receipt.status == "quarantined":
        return False
    return _settle(person_id, waiting_id, "filed")


def _kept(person_id: UUID, waiting_id: UUID) -> Waiting:
    with transaction.atomic():
        set_context(person_id)
        row = Quarantine.objects.get(person_id=person_id, id=waiting_id)
        plain = vault.sealer(person_id).unseal(bytes(row.card), item=waiting_id, part="card:1")
        content = vault.open_blob(person_id=person_id, item=waiting_id, blob=row.blob)
    return Waiting.from_bytes(plain, content)


def _settle(person_id: UUID, waiting_id: UUID, outcome: str) -> bool:
    with transaction.atomic():
        set_context(person_id)
        Quarantine.objects.filter(person_id=person_id, id=waiting_id).update(settled_at=clock.now(), reason=outcome)
    return True
