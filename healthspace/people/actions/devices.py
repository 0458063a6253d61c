"""Browsers that may leave out the second step for thirty days."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.db import transaction

from healthspace.common import clock
from healthspace.common.errors import Refused
from healthspace.people import reads, rules
from healthspace.people.actions import ways_in
from healthspace.people.actions.sign_in import Proof
from healthspace.people.models import TrustedDevice


def remember_device(account_id: UUID) -> str:
    """A token of 256 random bits for this browser's cookie, good for 30 days beside the password.

    Refused for whoever is no holder: their second step is never left out.
    """
    token, at = secrets.token_urlsafe(32), clock.now()
    with transaction.atomic():
        account = ways_in.locked_account(account_id)
        if not rules.trusts_devices(account.kind):
            raise Refused("LOG-1")
        TrustedDevice.objects.create(
            account_id=account_id, digest=reads.device_digest(token), made_at=at, expires_at=at + rules.DEVICE_LIFE
        )
        ways_in.note(account, "device_remembered")
    return token


def use_device(account_id: UUID, token: str) -> Proof:
    """The account, if this browser is remembered for it; after a right password it stands for the second step."""
    account = reads.account(account_id)
    if account is None or not account.is_active or not reads.is_trusted(account_id, token):
        return Proof(None)
    return Proof(account, means="trusted")


def forget_devices(account_id: UUID) -> None:
    """No browser leaves out the second step any more: after a new password, a recovery, or as asked."""
    gone, _ = TrustedDevice.objects.filter(account_id=account_id).delete()
    account = reads.account(account_id)
    if gone and account and account.is_active:
        ways_in.note(account, "devices_forgotten")
