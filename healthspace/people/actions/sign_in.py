"""Signing in with a password: the same work whoever asks, limited, and told in the journal."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from math import ceil
from threading import BoundedSemaphore
from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction

from healthspace.audit import actions as audit
from healthspace.common import clock
from healthspace.common.errors import Unavailable
from healthspace.people import reads, rules
from healthspace.people.models import Account, SignInTry
from healthspace.schema.context import set_context
from healthspace.vault import reads as vault

# One hash takes 46 MiB: more at once than the processors can serve only eats memory.
_HASHING: Final = BoundedSemaphore(2 * (os.cpu_count() or 1))
PATIENCE_SECONDS: Final = 2.0
MEMORY: Final = timedelta(days=30)
_COUNT: Final = """
INSERT INTO people_sign_in_try AS t (key, failures, total, window_ends_at)
VALUES (%(key)s, 1, 1, %(ends_at)s)
ON CONFLICT (key) DO UPDATE SET
  total = t.total + 1,
  failures = CASE WHEN t.window_ends_at <= %(at)s THEN 1
                  WHEN t.failures > %(most)s THEN t.failures ELSE t.failures + 1 END,
  window_ends_at = CASE WHEN t.window_ends_at <= %(at)s OR t.failures = %(most)s - 1
                        THEN %(ends_at)s ELSE t.window_ends_at END
RETURNING failures, total, window_ends_at
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a sign-in proved: the account, or None; `wait_seconds` > 0 when tries are too many."""

    account: reads.AccountCard | None
    wait_seconds: int = 0


def authenticate(login: str, password: str, source: str = "") -> Proof:
    """The account that this login and password open, if any; a holder's sign-in is journalled.

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
            _count(source_key, rules.MOST_TRIES_PER_SOURCE, at)
        total = _count(login_key, rules.MOST_TRIES_PER_LOGIN, at)
    except rules.TooManyTries as many:
        return Proof(None, wait_seconds=max(1, ceil((many.retry_at - at).total_seconds())))
    row = Account.objects.filter(login_key=login_key.hex(), is_active=True).first()
    if not _is_right(password, row.password if row else _nobody()) or row is None:
        return Proof(None)
    account = reads.account_card(row)
    _forgive(login_key, source_key if source else None)
    _note(account, failed=total - 1)
    return Proof(account)


def forget_old_tries() -> int:
    """Remove counters that nobody touched for 30 days; for the worker's schedule."""
    return SignInTry.objects.filter(window_ends_at__lt=clock.now() - MEMORY).delete()[0]


def _count(key: bytes, most: int, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "at": at, "ends_at": at + rules.WAIT, "most": most})
        failures, total, ends_at = cursor.fetchone()
    if failures > most:
        raise rules.TooManyTries(ends_at)
    return int(total)


def _forgive(login_key: bytes, source_key: bytes | None) -> None:
    SignInTry.objects.filter(key=login_key).delete()
    if source_key is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE people_sign_in_try SET failures = failures - 1, total = total - 1"
                " WHERE key = %s AND failures > 0 AND total > 0",
                [source_key],
            )


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
    """Tell the holder of this sign-in, and of wrong tries before it.

    Wrong tries are told only now: writing them at once would take longer for logins that exist.
    """
    if account.person_id is None:
        return
    person_id, actor = account.person_id, reads.actor_of(account)
    with transaction.atomic():
        set_context(person_id)
        sealer = vault.sealer(person_id)

        def record(kind: str, outcome: audit.Outcome, details: dict[str, str]) -> None:
            audit.record(
                person_id=person_id,
                actor=actor,
                kind=kind,
                outcome=outcome,
                rule="LOG-1",
                details=details,
                seal=lambda plain, event_id: sealer.seal(plain, item=event_id, part="event"),
            )

        if failed:
            record("sign_in_refused", "refused", {"tries": str(failed)})
        record("signed_in", "done", {})
