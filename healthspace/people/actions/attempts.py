"""The second step after a right password: begun, and ended by a code; limits hold at any concurrency."""

from __future__ import annotations

import hmac
from datetime import datetime
from math import ceil
from typing import Final
from uuid import UUID

import orjson
from django.db import transaction

from healthspace.common import clock
from healthspace.common.errors import Refused
from healthspace.people import reads, rules
from healthspace.people.actions import minutes, paper, totp, ways_in
from healthspace.people.actions.sign_in import Proof
from healthspace.people.models import StepAttempt, StepMark
from healthspace.vault import reads as vault

CHANNELS_PART: Final = "channels:1"


def begin_second_step(
    *, account_id: UUID, channels: rules.Channels, purpose: rules.Purpose = "sign_in"
) -> reads.Attempt:
    """Begin to ask for a code, after a right password; sends nothing. Refused for a closed account.

    `methods` may be empty: then this account has no second way yet.
    """
    account = reads.account(account_id)
    if account is None or not account.is_active:
        raise Refused("ABSENT")
    at = clock.now()
    row = StepAttempt(account_id=account_id, purpose=purpose, made_at=at, expires_at=at + rules.ATTEMPT_LIFE)
    plain = orjson.dumps([channels.email, channels.phone])
    row.sealed_channels = vault.account_sealer(account_id).seal(plain, item=row.uuid, part=CHANNELS_PART)
    row.save()
    return _card(row, account, channels)


def attempt(attempt_id: UUID) -> reads.Attempt | None:
    """An attempt that is still open, or None."""
    row = StepAttempt.objects.filter(uuid=attempt_id).first()
    account = reads.account(row.account_id) if row else None
    if row is None or account is None or not account.is_active or not _is_open(row, clock.now()):
        return None
    return _card(row, account, channels_of(row))


def finish_second_step(*, attempt_id: UUID, method: rules.Method, code: str) -> Proof:
    """The account, if this code is right for this attempt now; each code and each attempt works once.

    A wrong one: `tries_left`; none left or too late: `is_over`; too many of this account: `wait_seconds`.
    """
    row = StepAttempt.objects.filter(uuid=attempt_id).first()
    if row is None:
        return Proof(None, is_over=True)
    with transaction.atomic():
        try:
            account = ways_in.locked_account(row.account_id)
        except Refused:
            return Proof(None, is_over=True)
        row.refresh_from_db()
        proof = _checked(row, account, method, code, clock.now())
    minutes.count(is_right=proof.account is not None)
    return proof


def channels_of(row: StepAttempt) -> rules.Channels:
    """Where this attempt may send codes."""
    sealer = vault.account_sealer(row.account_id)
    email, phone = orjson.loads(sealer.unseal(bytes(row.sealed_channels), item=row.uuid, part=CHANNELS_PART))
    return rules.Channels(email, phone)


def open_attempt(attempt_id: UUID) -> tuple[StepAttempt, reads.AccountCard]:
    """An attempt that is still open, and its account, locked; inside a transaction. Refused otherwise."""
    row = StepAttempt.objects.filter(uuid=attempt_id).first()
    if row is None:
        raise Refused("ABSENT")
    account = ways_in.locked_account(row.account_id)
    row.refresh_from_db()
    if not _is_open(row, clock.now()):
        raise Refused("ABSENT")
    return row, account


def key_of(row: StepAttempt, code: str) -> bytes:
    """What is kept of a code that was sent: bound to its attempt (T06)."""
    return vault.find_key("second-step", f"{row.uuid}|{code}")


def forgive_second_step(*, account_id: UUID) -> None:
    """Wrong codes of this account count no more: after a right one, a letter, or by the desk."""
    StepMark.objects.filter(account_id=account_id, kind=StepMark.Kind.WRONG).delete()


def _checked(row: StepAttempt, account: reads.AccountCard, method: rules.Method, code: str, at: datetime) -> Proof:
    if not _is_open(row, at):
        return Proof(None, is_over=True)
    wrong = list(StepMark.objects.filter(account_id=account.id, kind="wrong").values_list("at", flat=True))
    wait = rules.wait_until(wrong, rules.WRONG_LIMITS, at=at)
    if wait:
        return Proof(None, wait_seconds=max(1, ceil((wait - at).total_seconds())))
    if len(wrong) >= rules.WRONG_IN_A_ROW:
        return Proof(None, is_over=True)
    is_offered = method in reads.methods_of(account, channels_of(row))
    if is_offered and _is_right(row, method, code, at):
        row.used_at = at
        row.code_key = None
        row.save(update_fields=["used_at", "code_key"])
        forgive_second_step(account_id=account.id)
        # Codes that led in are no flood: only those nobody used count (T07), or a careful person is shut out.
        StepMark.objects.filter(account_id=account.id, kind=StepMark.Kind.SENT).delete()
        if wrong:
            ways_in.note(account, "code_refused", "refused", tries=str(len(wrong)))
        return Proof(account, means=method)
    StepMark.objects.create(account_id=account.id, kind=StepMark.Kind.WRONG, at=at)
    row.wrong_tries += 1
    row.save(update_fields=["wrong_tries"])
    left = rules.TRIES_PER_ATTEMPT - row.wrong_tries
    return Proof(None, tries_left=left, is_over=left <= 0)


def _is_right(row: StepAttempt, method: rules.Method, code: str, at: datetime) -> bool:
    if method == "totp":
        return totp.take(row.account_id, code, at)
    if method == "paper":
        return paper.take(row.account_id, code, at)
    is_living = row.code_method == method and row.code_ends_at is not None and at < row.code_ends_at
    kept = bytes(row.code_key) if row.code_key is not None and is_living else b""
    return hmac.compare_digest(kept, key_of(row, rules.code_digits(code)))


def _is_open(row: StepAttempt, at: datetime) -> bool:
    is_early = row.made_at <= at < row.expires_at
    return is_early and row.used_at is None and row.wrong_tries < rules.TRIES_PER_ATTEMPT


def _card(row: StepAttempt, account: reads.AccountCard, channels: rules.Channels) -> reads.Attempt:
    masked = {"email": rules.masked_email(channels.email), "sms": rules.masked_phone(channels.phone)}
    methods = reads.methods_of(account, channels)
    return reads.Attempt(
        id=row.uuid,
        account_id=row.account_id,
        methods=methods,
        expires_at=row.expires_at,
        sent_to=masked.get(row.code_method, ""),
        goes_to={method: masked[method] for method in methods if method in masked},
    )
