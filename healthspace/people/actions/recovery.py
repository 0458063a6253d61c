"""An account that its owner gets back with a letter's code: everything that opened it before is dead (T13)."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from healthspace.common.errors import Conflict, Refused
from healthspace.outbox import actions as outbox
from healthspace.people import events, reads, rules
from healthspace.people.actions import ways_in
from healthspace.people.actions.accounts import check_login, check_password_strength
from healthspace.people.actions.forgetting import forget_factors
from healthspace.people.actions.limits import forgive_tries
from healthspace.people.actions.providers import unlink
from healthspace.people.actions.sessions import end_sessions, restrict
from healthspace.people.models import Account
from healthspace.schema.context import set_context
from healthspace.vault import reads as vault


def recover_account(*, account_id: UUID, login: str, password: str) -> reads.AccountCard:
    """A new login and password for a holder who proved themselves by a letter; for 72 hours no health data opens.

    Sessions, passkeys, apps, paper codes, digital identities and remembered browsers of before are gone, and every
    channel is told.
    Invalid for a login or password that is not allowed, Conflict for a login taken, Refused for a closed account.
    """
    check_login(login)
    check_password_strength(password, login)
    with transaction.atomic():
        account = ways_in.locked_account(account_id)
        if account.person_id is None:
            raise Refused("LOG-1")
        _rename(account_id, login, password)
        restrict(account_id=account_id)
        end_sessions(account_id=account_id)
        unlink(account_id=account_id, kind="citizen")  # whoever held a session could have added their own
        forget_factors([account_id])
        ways_in.note(account, "account_recovered")
        set_context(account.person_id)
        outbox.publish(person_id=account.person_id, fact=events.AccountRecovered(account.person_id))
    return account


def _rename(account_id: UUID, login: str, password: str) -> None:
    old_key = Account.objects.values_list("login_key", flat=True).get(uuid=account_id)
    forgive_tries(bytes.fromhex(old_key))
    try:
        with transaction.atomic():
            Account.objects.filter(uuid=account_id).update(
                login_key=vault.find_key("login", login).hex(), password=make_password(rules.storable(password))
            )
    except IntegrityError:
        raise Conflict("login") from None
