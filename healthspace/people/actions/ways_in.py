"""What the acts on ways in share: the account under a lock, lines in the holder's journal, the last way in."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from healthspace.audit import actions as audit
from healthspace.common.errors import Refused
from healthspace.people import reads, rules
from healthspace.people.models import Account
from healthspace.schema.context import set_context
from healthspace.vault import reads as vault

RULE = "LOG-1"


def locked_account(account_id: UUID) -> reads.AccountCard:
    """The account, so that acts on its ways in happen one after the other; Refused when it is closed or absent.

    Inside a transaction.
    """
    row = Account.objects.select_for_update().filter(uuid=account_id, is_active=True).first()
    if row is None:
        raise Refused("ABSENT")
    return reads.account_card(row)


def note(account: reads.AccountCard, kind: str, outcome: audit.Outcome = "done", **details: str) -> None:
    """A line in the journal of the holder, in the transaction at hand; nothing for other accounts."""
    if account.person_id is None:
        return
    with transaction.atomic():
        set_context(account.person_id)
        sealer = vault.journal_sealer(account.person_id)
        audit.record(
            person_id=account.person_id,
            actor=reads.actor_of(account),
            kind=kind,
            outcome=outcome,
            rule=RULE,
            details=details,
            seal=lambda plain, event_id: sealer.seal(plain, item=event_id, part="event"),
        )


def require_another(account_id: UUID, *, channels: rules.Channels | None) -> None:
    """LastWayIn when nothing but the password is left; called after the removal, which then comes to nothing."""
    if not reads.factors(account_id, channels).has_second_step:
        raise rules.LastWayIn("the last way in")
