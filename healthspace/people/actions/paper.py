"""Ten codes on paper, each good once: for whoever has no mail, no phone and no app."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from healthspace.common import clock
from healthspace.people import rules
from healthspace.people.actions import ways_in
from healthspace.people.models import PaperCode
from healthspace.vault import reads as vault


def new_paper_codes(account_id: UUID) -> tuple[str, ...]:
    """Ten fresh codes as they are printed, shown this once; those before are dead. Refused for a closed account."""
    codes = [
        "".join(secrets.choice(rules.ALPHABET) for _ in range(rules.PAPER_SIGNS)) for _ in range(rules.PAPER_CODES)
    ]
    at = clock.now()
    with transaction.atomic():
        account = ways_in.locked_account(account_id)
        PaperCode.objects.filter(account_id=account_id).delete()
        PaperCode.objects.bulk_create(
            PaperCode(account_id=account_id, code_key=_key(account_id, code), made_at=at) for code in codes
        )
        ways_in.note(account, "paper_codes_made")
    return tuple(map(rules.paper_shown, codes))


def take(account_id: UUID, code: str, at: datetime) -> bool:
    """True if this code of the account still works; it does not any more. The account is locked."""
    living = PaperCode.objects.filter(account_id=account_id, code_key=_key(account_id, rules.paper_code(code)))
    return living.filter(used_at=None).update(used_at=at) == 1


def _fresh() -> str:
    return "".join(secrets.choice(rules.ALPHABET) for _ in range(rules.PAPER_SIGNS))


def _key(account_id: UUID, code: str) -> bytes:
    return vault.find_key("paper-code", f"{account_id}|{code}")
