"""A holder's closed space as the holder sees it: where it stands, and the short wait while the worker reopens it."""

from __future__ import annotations

import time
from typing import Final
from uuid import UUID

from django.db import transaction

from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.schema.context import set_context
from healthspace.spaces import reads

PATIENCE_SECONDS: Final = 3.0
STEP_SECONDS: Final = 0.25


@transaction.atomic
def look(*, actor: Actor, person_id: UUID) -> reads.Life:
    """Where the holder's own space stands; Refused to anybody else."""
    if actor.kind not in {"holder", "representative"} or actor.person_id != person_id:
        raise Refused("OWN")
    set_context(person_id)
    return reads.life(person_id)


def wait_until_open(*, actor: Actor, person_id: UUID) -> bool:
    """Wait a moment for the worker to give the space back; True once it is open."""
    until = time.monotonic() + PATIENCE_SECONDS
    while look(actor=actor, person_id=person_id).state not in reads.OPEN_STATES:
        if time.monotonic() > until:
            return False
        time.sleep(STEP_SECONDS)
    return True
