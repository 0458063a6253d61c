"""How long a session lasts, what its device is called, and how long a recovered account stays narrow."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal

Means = Literal["email", "sms", "totp", "paper", "passkey", "provider", "trusted", "letter", "recovery"]
# The whole life of a session by kind of account, however busy it is (security T09).
LONGEST: Final = {"professional": timedelta(hours=8), "assistant": timedelta(hours=8)}
LONGEST_OF_OTHERS: Final = timedelta(hours=12)
# What counts as a fresh proof too. A trusted browser skips the second step at the door, so it is not among them.
FRESH_PROOFS: Final = frozenset({"email", "sms", "totp", "paper", "passkey", "provider", "letter", "recovery"})
SESSION_MEMORY: Final = timedelta(days=180)
GONE_AT_ONCE: Final = 5000
"""Rows of a table that one statement removes: a nation's day is too much for one."""
RESTRICTED_FOR: Final = timedelta(hours=72)

# The first that fits: Edge, Opera and Samsung's browser also say Chrome, Chrome also says Safari.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def longest(kind: str) -> timedelta:
    """How long a session of this kind of account lasts in all."""
    return LONGEST.get(kind, LONGEST_OF_OTHERS)


def device_words(user_agent: str) -> tuple[str, str]:
    """Browser and system as people call them, from what the browser says of itself; "" when it says neither."""
    return _first(user_agent, _BROWSERS), _first(user_agent, _SYSTEMS)


def _first(said: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if mark in said), "")
