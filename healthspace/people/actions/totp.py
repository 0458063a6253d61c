"""Codes of an authenticator app (RFC 6238)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

import segno
from django.conf import settings
from django.db import transaction

from healthspace.common import clock
from healthspace.common.errors import Conflict
from healthspace.people import rules
from healthspace.people.actions import ways_in
from healthspace.people.models import Totp
from healthspace.vault import reads as vault

PART: Final = "totp:1"


@dataclass(frozen=True, slots=True)
class Setup:
    """A new secret to put into an app, shown this once; `qr` is an SVG element."""

    secret_base32: str = field(repr=False)
    uri: str = field(repr=False)
    qr: str = field(repr=False)


def begin_totp(account_id: UUID) -> Setup:
    """A fresh secret that counts once `confirm_totp` saw a code of it; one begun before is dead.

    Conflict when an app is already set up: that one is ended first.
    """
    secret = secrets.token_bytes(rules.TOTP_SECRET_BYTES)
    with transaction.atomic():
        ways_in.locked_account(account_id)
        if Totp.objects.filter(account_id=account_id, confirmed_at__isnull=False).exists():
            raise Conflict("totp")
        Totp.objects.filter(account_id=account_id).delete()
        sealed = vault.account_sealer(account_id).seal(secret, item=account_id, part=PART)
        Totp.objects.create(account_id=account_id, sealed=sealed, made_at=clock.now())
    uri = rules.totp_uri(secret, issuer=settings.SITE_NAME)
    qr = segno.make(uri, error="m", micro=False).svg_inline(scale=4, border=4, omitsize=False)
    return Setup(rules.base32(secret), uri, qr)


def confirm_totp(account_id: UUID, code: str) -> bool:
    """True if the code is of the secret begun: from now on the app is a way in."""
    with transaction.atomic():
        account = ways_in.locked_account(account_id)
        row = Totp.objects.filter(account_id=account_id, confirmed_at=None).first()
        at = clock.now()
        if row is None or not rules.totp_is_right(_secret(row), code, at=at, last_step=row.last_step):
            return False
        row.confirmed_at, row.last_step = at, rules.totp_step(at)
        row.save(update_fields=["confirmed_at", "last_step"])
        ways_in.note(account, "totp_added")
    return True


def end_totp(account_id: UUID, channels: rules.Channels | None = None) -> None:
    """The app is no way in any more; LastWayIn when nothing but the password would be left."""
    with transaction.atomic():
        account = ways_in.locked_account(account_id)
        was = Totp.objects.filter(account_id=account_id, confirmed_at__isnull=False).exists()
        Totp.objects.filter(account_id=account_id).delete()
        if was:
            ways_in.require_another(account_id, channels=channels)
            ways_in.note(account, "totp_removed")


def take(account_id: UUID, code: str, at: datetime) -> bool:
    """True if this is the app's code of this moment and was not taken before; the account is locked."""
    row = Totp.objects.filter(account_id=account_id, confirmed_at__isnull=False).first()
    if row is None or not rules.totp_is_right(_secret(row), code, at=at, last_step=row.last_step):
        return False
    row.last_step = rules.totp_step(at)
    row.save(update_fields=["last_step"])
    return True


def _secret(row: Totp) -> bytes:
    return vault.account_sealer(row.account_id).unseal(bytes(row.sealed), item=row.account_id, part=PART)
