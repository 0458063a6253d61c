"""Letting one account try to sign in again: for a reason, so often a day for one agent, told in the journal."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import HealthspaceError, Invalid, Refused
from healthspace.people import actions as people
from healthspace.people.rules import TooManyTries
from healthspace.schema.context import set_context
from healthspace.support import rules
from healthspace.support.actions.lines import journal, require_agent
from healthspace.vault import reads as vault

A_DAY: Final = timedelta(days=1)


class TooMany(HealthspaceError):
    """This agent unlocked as many accounts today as one agent may."""

    code = "too-many-unlocked"


def unlock(*, actor: Actor, person_id: UUID, reason: str) -> None:
    """Forget the wrong tries of this person's account, no other lock and no secret; nothing is read or set.

    Refused to anybody but an agent and when there is no account; Invalid for a reason that is not in the list;
    TooMany after 20 in a day, whether or not anything was locked.
    """
    require_agent(actor)
    if reason not in rules.UNLOCK_REASONS:
        raise Invalid("reason", "T12", "There is no such reason.", "Choose one of the list.")
    with transaction.atomic(durable=True):
        key = vault.find_key("desk-unlock", f"{actor.id}|{clock.today().isoformat()}")
        try:
            people.count_try(key, most=rules.UNLOCKS_A_DAY, wait=A_DAY, at=clock.now())
        except TooManyTries:
            is_over = True
        else:
            is_over = False
            _forgive(actor, person_id, reason)
    if is_over:
        raise TooMany("unlocking")


def _forgive(actor: Actor, person_id: UUID, reason: str) -> None:
    if not people.forgive_account(person_id=person_id):
        raise Refused("ABSENT")
    set_context(person_id)
    journal(person_id, actor, "tries_forgiven", details={"reason": reason})
