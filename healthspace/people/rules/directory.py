"""Numbers and names of professionals and structures."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

RPPS: Final = re.compile(r"\d{11}", re.ASCII)
FINESS: Final = re.compile(r"(?:\d\d|2[AB])\d{7}", re.ASCII)


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
