"""Numbers printed on paper: of a letter (batch, place, check sign), and what the QR of a refusal slip says."""

from __future__ import annotations

import re
from typing import Final

from healthspace.common.errors import Invalid
from healthspace.enrolment.rules.codes import ALPHABET

BATCH_SIGNS: Final = 5
PLACE_SIGNS: Final = 6
BATCHES: Final = 32**BATCH_SIGNS
PLACES: Final = 32**PLACE_SIGNS
SLIP_MARK: Final = 16

_VALUE: Final = {sign: value for value, sign in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_SPACES: Final = re.compile(r"[\s\-\u00a0\u2010-\u2015\u202f]+")
_SLIP: Final = re.compile(rf"HSR1:([0-9A-Z\-]{{13,16}}):([0-9A-F]{{{SLIP_MARK}}})", re.ASCII)
# x^5 + x^2 + 1 over two elements: multiplying by x walks through all 31 values, so the check sign sees
# every wrong sign and every two signs swapped.
_FIELD: Final = 0b100101
_TIMES_X: Final = tuple(2 * value ^ _FIELD if value & 16 else 2 * value for value in range(32))


def of(batch_id: int, place: int) -> str:
    """The reference of a letter as printed: BBBBB-PPPPPP-C. `ValueError` beyond 33 million batches."""
    if not (0 <= batch_id < BATCHES and 0 <= place < PLACES):
        raise ValueError("a batch or a place without a reference")
    batch, spot = _signs(batch_id, BATCH_SIGNS), _signs(place, PLACE_SIGNS)
    return f"{batch}-{spot}-{_check(batch + spot)}"


def read(text: str) -> tuple[int, int]:
    """Batch and place of a reference that was typed or scanned; `Invalid("reference", "ENR-REF")` otherwise."""
    signs = _SPACES.sub("", text[:40]).upper()
    is_ours = len(text) <= 40 and len(signs) == BATCH_SIGNS + PLACE_SIGNS + 1 and all(sign in _VALUE for sign in signs)
    if not is_ours or _check(signs[:-1]) != ALPHABET[_VALUE[signs[-1]]]:
        raise Invalid(
            "reference",
            "ENR-REF",
            "This is not the reference of a letter.",
            "The reference stands at the top of the letter: five signs, six signs, one sign.",
        )
    return _number(signs[:BATCH_SIGNS]), _number(signs[BATCH_SIGNS:-1])


def slip(reference: str, mark: str) -> str:
    """What the QR of a refusal slip says; `mark`: 16 hexadecimal signs of `find_key("slip", reference)`."""
    return f"HSR1:{reference}:{mark.upper()}"


def read_slip(text: str) -> tuple[str, str]:
    """Reference and mark (lower case) of a scanned slip; `Invalid("slip", "ENR-REF")` when it is not ours."""
    found = _SLIP.fullmatch(text.strip().upper()) if len(text) <= 64 else None
    if found is None:
        raise Invalid("slip", "ENR-REF", "This is not one of our forms.", "Look at the paper and type the reference.")
    return of(*read(found[1])), found[2].lower()


def _signs(number: int, width: int) -> str:
    return "".join([ALPHABET[number >> shift & 31] for shift in range(5 * width - 5, -5, -5)])


def _number(signs: str) -> int:
    number = 0
    for sign in signs:
        number = number << 5 | _VALUE[sign]
    return number


def _check(signs: str) -> str:
    state = 0
    for sign in signs:
        state = _TIMES_X[state ^ _VALUE[sign]]
    return ALPHABET[state]
