"""What is known already of the people of some lines of the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import orjson
from django.db import connection

from healthspace.enrolment.rules.registry import Person
from healthspace.schema.many import Persons
from healthspace.vault.rules import Sealer

PART: Final = "registry:1"
_KNOWN: Final = (
    "SELECT person_id, row_key, channel, parent_id, other_parent_id, has_old_record OR has_care_history,"
    " merged_into, intake_id, line FROM enrolment_enrollee WHERE person_id = ANY(%s::uuid[])"
    " ORDER BY person_id FOR NO KEY UPDATE"
)


@dataclass(frozen=True, slots=True)
class Known:
    """The clear part of an enrollee, and from which line it came."""

    row_key: bytes
    channel: str
    parent_id: UUID | None
    other_parent_id: UUID | None
    has_content: bool
    merged_into: UUID | None
    intake_id: int | None
    line: int | None


def known(person_ids: Iterable[UUID]) -> dict[UUID, Known]:
    """The enrollees among these persons, locked until the transaction ends; for the worker's role."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [Persons.of(person_ids).array])
        return {person_id: Known(bytes(row_key), *rest) for person_id, row_key, *rest in cursor.fetchall()}


def plain(person: Person) -> bytes:
    """What is sealed of a line beside the identity: where letters go, the card, the parents' numbers."""
    kept: dict[str, object] = {}
    if person.address or person.city:
        kept["address"] = person.address.split("|") if person.address else []
        kept["postcode"], kept["city"], kept["country"] = person.postcode, person.city, person.country
    if person.card_serial:
        kept["card_serial"] = person.card_serial
    if person.parent_ins:
        kept["parent_ins"] = person.parent_ins
    if person.other_parent_ins:
        kept["other_parent_ins"] = person.other_parent_ins
    return orjson.dumps(kept)


def unsealed(sealed: bytes, sealer: Sealer, person_id: UUID) -> Mapping[str, object]:
    """`address` (lines), `postcode`, `city`, `country`, `card_serial`, `parent_ins`, `other_parent_ins`.

    What the register does not give is left out.
    """
    found: Mapping[str, object] = orjson.loads(sealer.unseal(sealed, item=person_id, part=PART))
    return found
