"""Acts in a data folder of its own, for the restore drill: `python -m tests.verify.drill ACT [PERSON]`."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any
from uuid import UUID

import django
import time_machine


def make() -> dict[str, Any]:
    """Two people with two documents each."""
    from healthspace.documents import actions as documents
    from tests import people
    from tests.factories.orders import order

    hospital, made = people.rivemont(), {}
    for name, person in (("amina", people.amina()), ("paul", people.paul())):
        for _ in range(2):
            documents.deposit(actor=hospital.actor, order=order(person))
        made[name] = str(person.person_id)
    return made


def close(person_id: UUID) -> dict[str, Any]:
    """The holder closes and wants everything deleted."""
    from healthspace.common.actor import SYSTEM
    from healthspace.spaces import actions as spaces
    from healthspace.vault import actions as vault

    vault.prepare_archive()
    spaces.close(actor=SYSTEM, person_id=person_id, wants_deletion=True)
    return {}


def destroy() -> dict[str, Any]:
    """Three months later."""
    from healthspace.common import clock
    from healthspace.journeys import destroy as journey

    with time_machine.travel(clock.now() + timedelta(days=90), tick=False):
        return {"done": journey.destroy_due()}


def read(person_id: UUID) -> dict[str, Any]:
    """How many documents open with everything this folder holds, and how many bodies are there."""
    from django.db import transaction

    from healthspace.common.errors import HealthspaceError
    from healthspace.documents.models import Document
    from healthspace.schema.context import set_context
    from healthspace.vault import reads as vault

    opened = 0
    with transaction.atomic():
        set_context(person_id)
        rows = list(Document.objects.filter(person_id=person_id).values_list("id", "blob"))
        for document_id, blob in rows:
            try:
                opened += bool(vault.open_blob(person_id=person_id, item=document_id, blob=blob))
            except (HealthspaceError, ValueError):
                continue
    return {"rows": len(rows), "opened": opened}


if __name__ == "__main__":
    django.setup()
    act = globals()[sys.argv[1]]
    sys.stdout.write(json.dumps(act(*map(UUID, sys.argv[2:]))) + "\n")
