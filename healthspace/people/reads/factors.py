"""The ways in of an account, and whether sign-ins fail more than people do."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from django.conf import settings
from django.db import connection

from healthspace.common import clock
from healthspace.people import rules
from healthspace.people.models import PaperCode, Passkey, Totp, TrustedDevice
from healthspace.people.reads.accounts import AccountCard, account
from healthspace.vault import reads as vault

_MINUTES: Final = (
    "SELECT date_trunc('hour', minute_at), minute_at > %s, sum(tries), sum(failures) FROM people_sign_in_minute"
    " WHERE minute_at > %s AND minute_at <= %s GROUP BY 1, 2"
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A second step that was begun; `sent_to` says masked where the last code went."""

    id: UUID
    account_id: UUID
    methods: tuple[rules.Method, ...]
    expires_at: datetime
    sent_to: str = ""
    goes_to: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PasskeyCard:
    """A passkey as its owner sees it."""

    id: UUID
    label: str
    made_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class FactorsCard:
    """Every way in of an account besides its password."""

    passkeys: tuple[PasskeyCard, ...]
    has_totp: bool
    paper_left: int
    email: bool
    sms: bool
    methods: tuple[rules.Method, ...]

    @property
    def has_second_step(self) -> bool:
        """True if the account can prove itself by more than its password."""
        return bool(self.passkeys or self.methods)


@dataclass(frozen=True, slots=True)
class Stuffing:
    """Sign-ins of the last two minutes beside those of ordinary hours; figures only."""

    is_alarming: bool
    recent: rules.Tally
    usual_share: float


def factors(account_id: UUID, channels: rules.Channels | None = None) -> FactorsCard:
    """The ways in of this account; `channels` are those its owner can be reached by, told by the door."""
    channels = channels or rules.Channels()
    found = account(account_id)
    kind = found.kind if found else ""
    has_totp, paper_left = _has_totp(account_id), paper_codes_left(account_id)
    methods = rules.methods(kind, channels=channels, has_totp=has_totp, paper_left=paper_left, sends_sms=sends_sms())
    return FactorsCard(
        passkeys=tuple(map(passkey_card, Passkey.objects.filter(account_id=account_id).order_by("made_at"))),
        has_totp=has_totp,
        paper_left=paper_left,
        email="email" in methods,
        sms="sms" in methods,
        methods=methods,
    )


def methods_of(account: AccountCard, channels: rules.Channels) -> tuple[rules.Method, ...]:
    """The codes that this account can be asked for now."""
    return rules.methods(
        account.kind,
        channels=channels,
        has_totp=_has_totp(account.id),
        paper_left=paper_codes_left(account.id),
        sends_sms=sends_sms(),
    )


def sends_sms() -> bool:
    """True where the operator has an SMS gateway."""
    return bool(settings.SMS_GATEWAY_URL)


def is_trusted(account_id: UUID, token: str) -> bool:
    """True if this browser's token lets this account leave out the second step now."""
    return (
        bool(token)
        and TrustedDevice.objects.filter(
            account_id=account_id, digest=device_digest(token), expires_at__gt=clock.now()
        ).exists()
    )


def remembered_browsers(account_id: UUID) -> list[tuple[datetime, datetime]]:
    """Since when and until when browsers leave out the second step of this account, the newest first."""
    rows = TrustedDevice.objects.filter(account_id=account_id, expires_at__gt=clock.now()).order_by("-made_at")
    return list(rows.values_list("made_at", "expires_at"))


def stuffing() -> Stuffing:
    """Whether sign-ins fail all over the site as in credential stuffing (T05); says nothing of anybody."""
    at = clock.now()
    since = at - rules.RECENT
    with connection.cursor() as cursor:
        cursor.execute(_MINUTES, [since, at - rules.USUAL, at])
        rows = [(is_recent, rules.Tally(int(tries), int(failures))) for _, is_recent, tries, failures in cursor]
    now = [tally for is_recent, tally in rows if is_recent]
    recent = rules.Tally(sum(one.tries for one in now), sum(one.failures for one in now))
    usual = rules.usual_share([tally for is_recent, tally in rows if not is_recent])
    return Stuffing(rules.is_alarming(recent, usual), recent, usual)


def passkey_card(row: Passkey) -> PasskeyCard:
    """The card of a passkey."""
    return PasskeyCard(row.uuid, str(passkey_data(row)["label"]), row.made_at, row.last_used_at)


def passkey_data(row: Passkey) -> dict[str, Any]:
    """What is sealed of a passkey: its label and, as hexadecimal, its public data and id."""
    sealer = vault.account_sealer(row.account_id)
    found: dict[str, Any] = orjson.loads(sealer.unseal(bytes(row.sealed), item=row.uuid, part="passkey:1"))
    return found


def paper_codes_left(account_id: UUID) -> int:
    """How many codes on paper still work."""
    return PaperCode.objects.filter(account_id=account_id, used_at=None).count()


def device_digest(token: str) -> bytes:
    """What is kept of the token of a trusted device; plain SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(token.encode(errors="backslashreplace")).digest()


def _has_totp(account_id: UUID) -> bool:
    return Totp.objects.filter(account_id=account_id, confirmed_at__isnull=False).exists()
