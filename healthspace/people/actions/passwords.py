"""A new password of one's own choice, by whoever is inside (a lost one comes back in `recovery`)."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from healthspace.common.errors import Invalid
from healthspace.outbox import actions as outbox
from healthspace.people import events, reads, rules
from healthspace.people.actions import forgetting, ways_in
from healthspace.people.actions.accounts import check_password_strength
from healthspace.people.actions.sessions import end_sessions
from healthspace.people.models import Account
from healthspace.schema.context import set_context
from healthspace.vault import reads as vault


def change_password(*, account_id: UUID, password: str, but: UUID | None) -> reads.AccountCard:
    """Another password for an account whose owner just proved who they are; every session `but` this one is over.

    Remembered browsers and codes under way are dead, and a holder is told. Passkeys, apps and paper codes stay.
    Invalid for a password that is not allowed, Refused for a closed account.
    """
    check_password_strength(password, "\0")  # no login is known here, only its hash
    with transaction.atomic():
        account = ways_in.locked_account(account_id)
        _refuse_login_within(account_id, password)
        Account.objects.filter(uuid=account_id).update(password=make_password(rules.storable(password)))
        end_sessions(account_id=account_id, but=but)
        forgetting.end_attempts([account_id])
        ways_in.note(account, "password_changed")
        if account.person_id is not None:
            set_context(account.person_id)
            outbox.publish(person_id=account.person_id, fact=events.PasswordChanged(account.person_id))
    return account


def _refuse_login_within(account_id: UUID, password: str) -> None:
    """The login is kept as a hash, so each part of the password that could be it is hashed (8000 at most)."""
    text, key = password.lower(), Account.objects.get(uuid=account_id).login_key
    parts = (text[start:end] for start in range(len(text)) for end in range(start + 8, min(start + 100, len(text)) + 1))
    if any(vault.find_key("login", part).hex() == key for part in parts):
        raise Invalid(
            "password",
            "LOG-4",
            _("The password must not contain the login."),
            _("Choose 12 to 128 characters, for example four words."),
        )
