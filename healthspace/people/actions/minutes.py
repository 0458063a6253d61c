"""Counting sign-ins of everybody together, for the alarm (T05)."""

from __future__ import annotations

import secrets
from typing import Final

from django.db import connection

from healthspace.common import clock

PARTS: Final = 16
_COUNT: Final = (
    "INSERT INTO people_sign_in_minute AS m (minute_at, part, tries, failures)"
    " VALUES (date_trunc('minute', %s::timestamptz), %s, 1, %s)"
    " ON CONFLICT (minute_at, part) DO UPDATE SET tries = m.tries + 1, failures = m.failures + excluded.failures"
)


def count(*, is_right: bool) -> None:
    """One sign-in was tried; nothing is noted of whose."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [clock.now(), secrets.randbelow(PARTS), 0 if is_right else 1])
