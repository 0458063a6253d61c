"""Counting tries, for sign-in and for codes: under a keyed hash, within a window, never for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from healthspace.people import rules
from healthspace.people.models import SignInTry

_COUNT: Final = """
INSERT INTO people_sign_in_try AS t (key, failures, total, window_ends_at)
VALUES (%(key)s, 1, 1, %(ends_at)s)
ON CONFLICT (key) DO UPDATE SET
  total = t.total + 1,
  failures = CASE WHEN t.window_ends_at <= %(at)s OR t.window_ends_at > %(beyond)s THEN 1
                  WHEN t.failures > %(most)s THEN t.failures ELSE t.failures + 1 END,
  window_ends_at = CASE WHEN t.window_ends_at <= %(at)s OR t.window_ends_at > %(beyond)s OR t.failures = %(most)s - 1
                        THEN %(ends_at)s ELSE t.window_ends_at END
RETURNING failures, total, window_ends_at
"""
_TAKE_BACK: Final = (
    "UPDATE people_sign_in_try SET failures = failures - 1, total = total - 1"
    " WHERE key = %s AND failures > 0 AND total > 0"
)


def count_try(key: bytes, *, most: int, wait: timedelta, at: datetime) -> int:
    """Count one try under this keyed hash, before it is checked; how many since the last right one.

    `TooManyTries` after `most` within `wait`. Tries at the same moment cannot slip through. A window that ends
    further ahead than any could is of a clock that was wrong, and shuts nobody out (T69).
    """
    given: dict[str, Any] = {"key": key, "at": at, "ends_at": at + wait, "beyond": at + 2 * wait, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, given)
        failures, total, ends_at = cursor.fetchone()
    if failures > most:
        raise rules.TooManyTries(ends_at)
    return int(total)


def forgive_tries(key: bytes) -> None:
    """The try was right: nothing counts against this key any more."""
    SignInTry.objects.filter(key=key).delete()


def take_back_try(key: bytes) -> None:
    """The try was right, but others of this key (a shared address) may not have been: one less."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, [key])
