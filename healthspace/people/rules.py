"""Identifiers of professionals and structures, what a login and a password must be, and the limit
on wrong tries."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Final

from healthspace.common.errors import HealthspaceError

RPPS: Final = re.compile(r"\d{11}", re.ASCII)
FINESS: Final = re.compile(r"(?:\d\d|2[AB])\d{7}", re.ASCII)
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


def luhn_is_right(digits: str) -> bool:
    """The last digit is the Luhn control of those before it (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_rpps(text: str) -> bool:
    """An RPPS number: 11 digits, the last by Luhn (domain 1.2)."""
    return bool(RPPS.fullmatch(text)) and luhn_is_right(text)


def is_finess(text: str) -> bool:
    """A FINESS number: department 2, then 7 digits, the last by Luhn with 2A and 2B read as 2."""
    if not FINESS.fullmatch(text):
        return False
    return luhn_is_right(text.replace("A", "0").replace("B", "0")) or luhn_is_right(text[0] + text[2:])


def spoken_name(title: str, first_name: str, family_name: str) -> str:
    """A professional's name as people say it: "Dr Linh Nguyen"."""
    return " ".join(part for part in (title, first_name, family_name) if part)


def search_key(text: str) -> str:
    """A name as it is searched: upper case, no accents, one space where anything else stood."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    letters = (c if c.isalnum() else " " for c in plain.upper() if not unicodedata.combining(c))
    return " ".join("".join(letters).split())


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
