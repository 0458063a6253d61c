"""The second step of a sign-in, with where the holder can be reached: people cannot see spaces."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from healthspace.access import reads as access
from healthspace.common.errors import Refused
from healthspace.people import actions as people
from healthspace.people import reads as directory
from healthspace.people.reads import AccountCard, Attempt, FactorsCard
from healthspace.people.rules import Channels, Purpose
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules.contacts import Reach
from healthspace.vault.reads import KeyDestroyed


def begin(account: AccountCard, *, purpose: Purpose = "sign_in") -> Attempt:
    """Begin the second step of this account; sends nothing. Its `methods` are empty when it has no way left."""
    return people.begin_second_step(account_id=account.id, channels=channels(account), purpose=purpose)


def factors(account_id: UUID) -> FactorsCard:
    """Every way in of this account, for its owner."""
    account = directory.account(account_id)
    return directory.factors(account_id, channels(account) if account else None)


def channels(account: AccountCard) -> Channels:
    """Where a holder's codes can go; empty for everybody else, and for a space whose key is gone.

    For a minor nothing that reaches a parent too (T21): the register may know the child by a parent's e-mail.
    A closed space keeps one address for its holder, who may come back (CLO-3).
    """
    if account.person_id is None:
        return Channels()
    with transaction.atomic():
        set_context(account.person_id)
        try:
            if spaces.state(account.person_id).is_open:
                known = spaces.identity(account.person_id)
                own = access.without_parents(account.person_id, Reach(known.email, known.phone))
                return Channels(email=own.email, phone=own.phone)
            kept = spaces.contact(account.person_id)
        except (Refused, KeyDestroyed):
            return Channels()
    return Channels(email=kept.email if kept else "")
