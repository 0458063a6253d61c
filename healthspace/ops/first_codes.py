"""Codes on paper for accounts that nobody can mail to: shown to whoever makes the account, this once."""

from __future__ import annotations

import argparse
from uuid import UUID

from healthspace.ops.faults import CannotRun
from healthspace.people import actions as people
from healthspace.people import reads as directory


def of_new_account(account_id: UUID) -> str:
    """Ten codes as a few lines: with the password, each signs in once, for example to set up an app or a passkey."""
    codes = people.new_paper_codes(account_id)
    rows = "\n".join(f"  {first}  {second}" for first, second in zip(codes[::2], codes[1::2], strict=True))
    return f"After the password, each of these codes signs in once. They cannot be shown again:\n{rows}"


def add(asked: argparse.Namespace) -> str:
    """Fresh codes for an account that lost its own; those before are dead. A holder asks for a letter instead."""
    account = directory.account_by_login(asked.login)
    if account is None or not account.is_active:
        raise CannotRun("No open account has this login.")
    if account.person_id is not None:
        raise CannotRun("This is the account of a holder: they get back in with the code of a letter.")
    people.forgive_second_step(account_id=account.id)
    return of_new_account(account.id)
