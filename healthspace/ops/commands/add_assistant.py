"""A certified helper at a desk: the account, and the certificate that lets it help."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from django.db import transaction

from healthspace.access import actions as access
from healthspace.common.errors import Conflict, Invalid
from healthspace.ops import first_codes
from healthspace.ops.faults import CannotRun
from healthspace.people import actions as people
from healthspace.people import reads as directory


def add(asked: argparse.Namespace, desk: directory.InstitutionCard, password: Callable[[], str]) -> str:
    """Make the account and certify it; of an account that is there, renew the certificate or take it back."""
    known = directory.account_by_login(asked.login)
    if known and (known.kind, known.institution_id) != ("assistant", desk.id):
        raise Invalid("login", "LOG-3", "This login is somebody else's.", "Choose another login.")
    if asked.revoke:
        if known is None:
            raise CannotRun("There is no helper of this login at that desk.")
        access.revoke_certification(account_id=known.id)
        return "The certificate is taken back. Sessions of help that ran have stopped."
    if known:
        access.certify(account_id=known.id, name=asked.name, until=asked.until)
        return f"The helper is there already; the certificate now runs until {asked.until}. The password is as it was."
    words = password()
    try:
        with transaction.atomic():  # no account is left behind by a certificate that cannot be
            made = people.create_account(login=asked.login, password=words, kind="assistant", institution_id=desk.id)
            access.certify(account_id=made.id, name=asked.name, until=asked.until)
    except Conflict:
        raise Invalid("login", "LOG-3", "This login was taken a moment ago.", "Choose another login.") from None
    told = f"{asked.name.strip()} can help people at {desk.name} until {asked.until}."
    return f"{told} {first_codes.of_new_account(made.id)}"
