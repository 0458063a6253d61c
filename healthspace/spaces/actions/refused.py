"""What was kept from before for somebody who refused: into the archive, and back (ENR-10)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.schema.context import set_context
from healthspace.spaces import reads, rules
from healthspace.spaces.actions.lines import journal, locked
from healthspace.spaces.models import Space
from healthspace.vault import actions as keys
from healthspace.vault.reads import Sealer

Reseal = Callable[[Sealer, Sealer], None]


@transaction.atomic
def close_refused(*, person_id: UUID, has_content: bool, reseal: Reseal) -> bool:
    """A refusal can no longer be undone: what was kept before is closed like any space, for ten years.

    For the worker. False when it is not due. Who the person is stays readable, for a code that takes the
    refusal back; `reseal(before, after)` seals anew what other rooms need for that.
    """
    set_context(person_id)
    row = locked(person_id)
    is_due = row.due_at is not None and row.due_at <= clock.now()
    if row.state != "opposed" or row.archive_until is not None or row.erasing_at is not None or not is_due:
        return False
    if not has_content:
        Space.objects.filter(person_id=person_id).update(due_at=None)
        return True
    until = rules.archive_until(clock.today())
    Space.objects.filter(person_id=person_id).update(
        archive_until=until, due_at=rules.archive_ends_at(until), reopening_asked_at=None
    )
    if row.reopening_asked_at is None:  # else refused again before the worker came: it lies there still
        before, after = keys.part_key(person_id=person_id)
        identity = before.unseal(bytes(row.sealed_identity), item=person_id, part=reads.PART)
        sealed = after.seal(identity, item=person_id, part=reads.PART)
        Space.objects.filter(person_id=person_id).update(sealed_identity=sealed)
        reseal(before, after)
    journal(person_id, SYSTEM, "older_content_closed", "ENR-10")
    return True
