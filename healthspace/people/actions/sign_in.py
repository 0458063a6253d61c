"""Signing in with a password: the same work whoever asks, limited, and told in the journal."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from math import ceil
from threading import BoundedSemaphore
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password

from healthspace.common import clock
from healthspace.common.errors import Unavailable
from healthspace.people import reads, rules
from healthspace.people.actions import limits, minutes, ways_in
from healthspace.people.models import Account, SignInTry
from healthspace.vault import reads as vault

# One hash takes 46 MiB: more at once than the processors can serve only eats memory.
_HASHING: Final = BoundedSemaphore(2 * (os.cpu_count() or 1))
PATIENCE_SECONDS: Final = 2.0
MEMORY: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a sign-in proved: the account, or None; `wait_seconds` > 0 when tries are too many.

    Of a second step also by what means, how many tries are left, and whether it must be begun anew.
    """

    account: reads.AccountCard | None
    wait_seconds: int = 0
    means: str = ""
    tries_left: int = 0
    is_over: bool = False


def authenticate(login: str, password: str, source: str = "") -> Proof:
    """The account that this login and password open, if any; the first step of a sign-in.

    Same work for a known and an unknown login: two counters and one argon2id run. Each try is
    counted before it is checked, so tries at the same moment cannot slip through. `source` is the
    address the request came from. After 5 wrong tries for a login, or 20 from a source, nothing is
    checked for 5 minutes and the answer says how long to wait; never for good. The source's figure
    is larger because a whole hospital can share one address. Unavailable when too many sign in at
    this very moment.
    """
    login, password = rules.storable(login.strip().lower()), rules.storable(password)
    at = clock.now()
    login_key, source_key = vault.find_key("login", login), vault.find_key("source", source)
    try:
        if source:  # first, so that a source that is waiting cannot count against anybody's login
            limits.count_try(source_key, most=rules.MOST_TRIES_PER_SOURCE, wait=rules.WAIT, at=at)
        total = limits.count_try(login_key, most=rules.MOST_TRIES_PER_LOGIN, wait=rules.WAIT, at=at)
    except rules.TooManyTries as many:
        minutes.count(is_right=False)
        return Proof(None, wait_seconds=max(1, ceil((many.retry_at - at).total_seconds())))
    row = Account.objects.filter(login_key=login_key.hex(), is_active=True).first()
    is_right = _is_right(password, row.password if row else _nobody())
    minutes.count(is_right=is_right and row is not None)
    if not is_right or row is None:
        return Proof(None)
    account = reads.account_card(row)
    limits.forgive_tries(login_key)
    if source:
        limits.take_back_try(source_key)
    _note(account, failed=total - 1)
    return Proof(account)


def confirm(*, account_id: UUID, password: str, source: str = "") -> Proof:
    """The password once more, before an act that cannot be undone; limited as a sign-in is.

    Counted apart from the door: whoever guesses there must not keep the holder from it.
    """
    row = Account.objects.filter(uuid=account_id, is_active=True).first()
    if row is None:
        return Proof(None)
    at, own_key, source_key = clock.now(), vault.find_key("confirm", str(account_id)), vault.find_key("source", source)
    try:
        if source:
            limits.count_try(source_key, most=rules.MOST_TRIES_PER_SOURCE, wait=rules.WAIT, at=at)
        limits.count_try(own_key, most=rules.MOST_TRIES_PER_LOGIN, wait=rules.WAIT, at=at)
    except rules.TooManyTries as many:
        minutes.count(is_right=False)
        return Proof(None, wait_seconds=max(1, ceil((many.retry_at - at).total_seconds())))
    is_right = _is_right(rules.storable(password), row.password)
    minutes.count(is_right=is_right)
    if not is_right:
        return Proof(None)
    limits.forgive_tries(own_key)
    if source:
        limits.take_back_try(source_key)
    return Proof(reads.account_card(row))


def forget_old_tries() -> int:
    """Remove counters that nobody touched for 30 days; for the worker's schedule."""
    return SignInTry.objects.filter(window_ends_at__lt=clock.now() - MEMORY).delete()[0]


def _is_right(password: str, encoded: str) -> bool:
    if not _HASHING.acquire(timeout=PATIENCE_SECONDS):
        raise Unavailable("sign-in")
    try:
        return check_password(password[: rules.LONGEST_PASSWORD + 1], encoded)
    finally:
        _HASHING.release()


@cache
def _nobody() -> str:
    """A hash with today's parameters that no password opens (T04)."""
    return make_password(os.urandom(32).hex())


def _note(account: reads.AccountCard, *, failed: int) -> None:
    """Tell the holder of wrong tries before this right one.

    They are told only now: writing them at once would take longer for logins that exist. The sign-in itself is
    told by `open_session`, after the second step.
    """
    if failed:
        ways_in.note(account, "sign_in_refused", "refused", tries=str(failed))
