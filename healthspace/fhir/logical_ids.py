"""Logical ids that name their person, so that every query can (schema contract, decision 3).

32 bytes (person, item) in lower-case base32 without padding: 52 characters of FHIR's `id` type.
"""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache
from typing import Final
from uuid import UUID

from healthspace.fhir.outcome import not_found

LENGTH: Final = 52


def encode(person_id: UUID, item_id: UUID) -> str:
    """The logical id of an item of a person."""
    person = person_id.bytes
    return _start(person[:15]) + base64.b32encode(person[15:] + item_id.bytes).decode().rstrip("=").lower()


@lru_cache(maxsize=4096)
def _start(fifteen: bytes) -> str:
    """15 bytes are 24 whole characters, the same for all items of a person."""
    return base64.b32encode(fifteen).decode().lower()


def decode(logical_id: str) -> tuple[UUID, UUID]:
    """Person and item of a logical id; anything else is as absent as what is not there."""
    if len(logical_id) != LENGTH or not logical_id.isascii():
        raise not_found()
    try:
        raw = base64.b32decode(logical_id.upper() + "====")
    except binascii.Error:
        raise not_found() from None
    person_id, item_id = UUID(bytes=raw[:16]), UUID(bytes=raw[16:])
    if encode(person_id, item_id) != logical_id:  # one item, one id: no second spelling
        raise not_found()
    return person_id, item_id


def person(logical_id: str) -> UUID:
    """The person of a Patient id (a lower-case UUID)."""
    try:
        person_id = UUID(logical_id)
    except ValueError:
        raise not_found() from None
    if str(person_id) != logical_id:
        raise not_found()
    return person_id
