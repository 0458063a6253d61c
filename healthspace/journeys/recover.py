"""Getting a lost account back: a letter's code, never a mail or a text message (T13)."""

from __future__ import annotations

from django.db import transaction

from healthspace.common import clock
from healthspace.enrolment.actions.answering import use_code
from healthspace.enrolment.actions.codes import end_codes
from healthspace.enrolment.rules.claims import Claim, NotAccepted
from healthspace.people import actions as people
from healthspace.people import reads as directory
from healthspace.people.reads import AccountCard
from healthspace.schema.context import set_context


def recover(claim: Claim, *, login: str, password: str) -> AccountCard:
    """The account of this space under a new login and password; the code has served.

    NotAccepted when the code no longer allows it; Invalid or Conflict for the login or password: nothing is done.
    """
    account = directory.account_of_person(claim.person_id)
    if account is None or not account.is_active or "recover" not in claim.may:
        raise NotAccepted("used")
    if claim.is_child or claim.by_person_id != claim.person_id:
        raise NotAccepted("minor")  # the second lock: a parent must not get in as the child (T21)
    at = clock.now()
    with transaction.atomic():
        set_context(claim.person_id)
        use_code(claim, at)
        end_codes(claim.person_id, at)
        return people.recover_account(account_id=account.id, login=login, password=password)
