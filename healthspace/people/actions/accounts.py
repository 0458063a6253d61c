"""Accounts: made and closed."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from healthspace.common import clock
from healthspace.common.errors import Conflict, Invalid
from healthspace.people import reads, rules
from healthspace.people.actions import forgetting
from healthspace.people.actions.sessions import end_sessions
from healthspace.people.adapters.leaked import CommonList, HashFile
from healthspace.people.models import Account, Session
from healthspace.people.ports import LeakedPasswords
from healthspace.vault import reads as vault


def create_account(
    *,
    login: str,
    password: str,
    kind: str,
    person_id: UUID | None = None,
    professional_id: UUID | None = None,
    institution_id: UUID | None = None,
    language: str = "fr",
) -> reads.AccountCard:
    """A way in for a holder (`person_id`), a professional (`professional_id`), support, an operator, or a helper.

    A helper at a desk (kind "assistant") is given the desk, `institution_id`.

    Invalid for a login outside LOG-3 or a weak password (LOG-4); Conflict when the login is taken, and for a holder
    who has an account already.
    """
    check_login(login)
    check_password_strength(password, login)
    try:
        with transaction.atomic():
            row = Account.objects.create(
                login_key=vault.find_key("login", login).hex(),
                password=make_password(rules.storable(password)),
                kind=kind,
                person_id=person_id,
                professional_id=professional_id,
                institution_id=institution_id,
                language=language,
                created_at=clock.now(),
            )
    except IntegrityError:
        has_one = person_id is not None and reads.account_of_person(person_id) is not None
        raise Conflict("account" if has_one else "login") from None
    return reads.account_card(row)


def close_account(*, account_id: UUID) -> None:
    """Nobody can sign in with this account any more; sessions end with it."""
    Account.objects.filter(uuid=account_id).update(is_active=False)
    forgetting.end_attempts([account_id])
    end_sessions(account_id=account_id)


def close_accounts(*, person_id: UUID) -> None:
    """No account of this person opens anything any more: sessions end with it (T26)."""
    rows = Account.objects.filter(person_id=person_id)
    rows.update(is_active=False)
    forgetting.end_attempts(rows.values_list("uuid", flat=True))
    for account_id in rows.values_list("uuid", flat=True):
        end_sessions(account_id=account_id)


def reopen_accounts(*, person_id: UUID) -> None:
    """The accounts of a person whose death was an error open again; sessions of before do not come back."""
    Account.objects.filter(person_id=person_id).update(is_active=True)


def forget_accounts(*, person_id: UUID) -> None:
    """The accounts of a destroyed space are gone, and every way in of theirs."""
    rows = Account.objects.filter(person_id=person_id)
    account_ids = list(rows.values_list("uuid", flat=True))
    forgetting.forget_factors(account_ids)
    Session.objects.filter(account_id__in=account_ids).delete()
    rows.delete()


def check_login(login: str) -> None:
    """Invalid when the login id breaks LOG-3."""
    message = {
        "form": _("A login has 8 to 100 characters: small letters, digits, dot, hyphen, underscore."),
        "nir": _("A login must not be a social security number."),
        "iban": _("A login must not be a bank account number."),
    }
    fault = rules.login_fault(login)
    if fault:
        raise Invalid("login", "LOG-3", message[fault], _("Choose another login."))


def check_password_strength(password: str, login: str) -> None:
    """Invalid when the password breaks LOG-4 (as settled in `rules.password_fault`) or is a common one."""
    message = {
        "short": _("The password is too short."),
        "long": _("The password is too long."),
        "login": _("The password must not contain the login."),
        "common": _("This password is one of the most used, so it would be guessed."),
    }
    fault = rules.password_fault(password, login) or _leaked(password)
    if fault:
        raise Invalid("password", "LOG-4", message[fault], _("Choose 12 to 128 characters, for example four words."))


def _leaked(password: str) -> str:
    lists: list[LeakedPasswords] = [CommonList()]
    if settings.LEAKED_PASSWORDS_FILE:
        lists.append(HashFile(Path(settings.LEAKED_PASSWORDS_FILE)))
    return "common" if any(one.has(rules.storable(password)) for one in lists) else ""
