"""What a login and a password must be, and the limit on wrong tries."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from healthspace.common.errors import HealthspaceError

LOGIN: Final = re.compile(r"[0-9a-z_.-]{8,100}")
NIR_LIKE: Final = re.compile(r"[1-8]\d{4}(?:\d\d|2[ab])\d{6}(?:\d\d)?", re.ASCII)
SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 128
MOST_TRIES_PER_LOGIN: Final = 5
MOST_TRIES_PER_SOURCE: Final = 20
WAIT: Final = timedelta(minutes=5)


class TooManyTries(HealthspaceError):
    """Too many wrong tries for this login or from this place; nothing is locked for good."""

    code = "too-many-tries"

    def __init__(self, retry_at: datetime) -> None:
        super().__init__("too many tries")
        self.retry_at = retry_at


def login_fault(login: str) -> str:
    """Why a login id is not allowed ("form", "nir", "iban"), or "" (LOG-3).

    An e-mail address fails by its form.
    """
    if not LOGIN.fullmatch(login):
        return "form"
    if NIR_LIKE.fullmatch(login.replace(".", "").replace("-", "").replace("_", "")):
        return "nir"
    return "iban" if login.startswith("fr76") else ""


def password_fault(password: str, login: str) -> str:
    """Why a password is not allowed ("short", "long", "login"), or "".

    12 to 128 characters of any kind and no composition rule (ASVS 5.0 V6.2), where LOG-4 asks for 9
    characters of four kinds: longer is stronger, and easier to live with. The list of common
    passwords is checked by the action.
    """
    if len(password) < SHORTEST_PASSWORD:
        return "short"
    if len(password) > LONGEST_PASSWORD:
        return "long"
    return "login" if login in password.lower() else ""


def storable(text: str) -> str:
    """Lone surrogates and NUL, which neither UTF-8 nor PostgreSQL take, written out."""
    return text.encode(errors="backslashreplace").decode().replace("\0", "\\0")
