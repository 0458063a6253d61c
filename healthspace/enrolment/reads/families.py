"""Which children have which parents, as the register says, for the opening by law."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from healthspace.access.actions import Pair
from healthspace.access.rules import MAJORITY_YEARS
from healthspace.schema.many import Persons
from healthspace.spaces import reads as spaces
from healthspace.vault import reads as vault

# The exact birthday is sealed; the year, which is not, leaves the adults out before anything is unsealed.
_CHILDREN: Final = (
    "SELECT person_id, parent_id, other_parent_id FROM enrolment_enrollee WHERE person_id = ANY(%s::uuid[])"
    " AND birth_year >= %s AND (parent_id IS NOT NULL OR other_parent_id IS NOT NULL)"
)


def pairs(persons: Persons, *, at: datetime) -> Iterator[Pair]:
    """Each child among these persons with each of its parents (CHI-4: two of equal rights). For the worker's role."""
    with connection.cursor() as cursor:
        cursor.execute(_CHILDREN, [persons.array, at.year - MAJORITY_YEARS])
        rows: list[tuple[UUID, UUID | None, UUID | None]] = cursor.fetchall()
    if not rows:
        return
    known = spaces.known([row[0] for row in rows], vault.sealers([row[0] for row in rows]))
    for child_id, *parents in rows:
        identity = known[child_id].identity
        if identity is not None:
            for parent_id in filter(None, dict.fromkeys(parents)):
                yield Pair(child_id, parent_id, identity.traits.born_on)
