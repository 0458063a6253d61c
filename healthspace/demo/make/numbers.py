"""Invented identifiers whose control keys are right: NIR, RPPS, FINESS, unique ids."""

import hashlib
from datetime import date
from uuid import UUID, uuid5

TEST_AUTHORITY = "1.2.250.1.213.1.4.10"
NAMESPACE = UUID("6f1d3c52-8a0b-4d57-9a0e-2f6b1c7e4d10")


def matricule(*, sex: str, born_on: date, place: str, order: int) -> str:
    """15 characters of a NIR: sex, year, month, five characters of the birth place, order, key."""
    head = f"{1 if sex == 'M' else 2}{born_on:%y%m}{place}{order:03d}"
    digits = head.replace("2A", "19").replace("2B", "18") if place.startswith("2") else head
    return f"{head}{97 - int(digits) % 97:02d}"


def with_luhn(body: str) -> str:
    """The digits followed by the Luhn digit that RPPS and FINESS numbers end with."""
    total = 0
    for place, character in enumerate(reversed(body)):
        digit = int(character) * (2 if place % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return f"{body}{-total % 10}"


def rpps(number: int) -> str:
    """An RPPS of 11 digits in a range that no real professional has."""
    return with_luhn(f"9970{number:06d}")


def finess(number: int) -> str:
    """A FINESS of 9 digits in a department that does not exist."""
    return with_luhn(f"990{number:05d}")


def stable_id(*words: str) -> UUID:
    """The same id for the same words, in every run."""
    return uuid5(NAMESPACE, "|".join(words))


def unique_oid(*words: str) -> str:
    """A document id after ITU-T X.667: 2.25 and a UUID as a whole number."""
    return f"2.25.{stable_id(*words).int}"


def draw(*words: str, below: int) -> int:
    """A number from 0 to below - 1 that depends on the words only."""
    return int.from_bytes(hashlib.sha256("|".join(words).encode()).digest()[:8], "big") % below
