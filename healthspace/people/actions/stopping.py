"""Stopping a recovery that was not one's own, from a message, without signing in (T13)."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.db import transaction

from healthspace.audit import actions as audit
from healthspace.common import clock
from healthspace.common.actor import ANONYMOUS
from healthspace.people import reads
from healthspace.people.actions import ways_in
from healthspace.people.actions.forgetting import forget_factors
from healthspace.people.actions.providers import unlink
from healthspace.people.actions.sessions import end_sessions
from healthspace.people.models import Account
from healthspace.people.rules import recovery as rules
from healthspace.schema.context import set_context
from healthspace.vault import reads as vault


@transaction.atomic
def stop_recovery(*, token: str) -> bool:
    """Whoever reads a known address stops a recovery within its 72 hours; False for a wrong link or one too late.

    Every session is over, the new password and ways in are dead, and no health data opens until another letter
    gives the account back. It can only close.
    """
    found = reads.right_stop(token)
    if found is None:
        return False
    account = ways_in.locked_account(found.account_id)
    if account.person_id is None or reads.right_stop(token) is None:
        return False
    Account.objects.filter(uuid=account.id).update(
        restricted_until=clock.now() + rules.STOPPED_FOR, password=make_password(None)
    )
    end_sessions(account_id=account.id)
    unlink(account_id=account.id, kind="citizen")
    forget_factors([account.id])
    set_context(account.person_id)
    sealer = vault.journal_sealer(account.person_id)
    audit.record(
        person_id=account.person_id,
        actor=ANONYMOUS,
        kind="recovery_stopped",
        outcome="done",
        rule="T13",
        seal=lambda plain, event_id: sealer.seal(plain, item=event_id, part="event"),
    )
    return True
