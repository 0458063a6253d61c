"""The link that stops a recovery (T13)."""

from __future__ import annotations

import hmac
from datetime import datetime
from uuid import UUID

from healthspace.common import clock
from healthspace.people.models import Account
from healthspace.people.rules import recovery as rules
from healthspace.vault import reads as vault


def recovery_stop(person_id: UUID) -> str:
    """What the link in a message carries while the 72 hours of this person's recovery run, else "".

    Made under the installation's key, so nothing of it is kept.
    """
    row = Account.objects.filter(person_id=person_id, restricted_until__gt=clock.now()).first()
    if row is None or row.restricted_until is None:
        return ""
    return rules.stop_text(rules.StopToken(row.uuid, _mark(row.uuid, row.restricted_until)))


def right_stop(text: str) -> rules.StopToken | None:
    """The token of a link when we made it for a recovery whose 72 hours still run, else None."""
    token = rules.stop_token_of(text)
    if token is None:
        return None
    row = Account.objects.filter(uuid=token.account_id, restricted_until__gt=clock.now()).first()
    until = row.restricted_until if row and row.restricted_until else clock.now()
    is_right = hmac.compare_digest(token.mark, _mark(token.account_id, until))
    return token if is_right and row is not None else None


def _mark(account_id: UUID, until: datetime) -> bytes:
    return vault.find_key("recovery-stop", f"{account_id}|{until.isoformat()}")[: rules.MARK_BYTES]
