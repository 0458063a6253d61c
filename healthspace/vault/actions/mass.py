"""Fresh keys for many persons at once, with their first texts sealed (enrolment of a nation, ADR 0007)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from healthspace.vault import reads
from healthspace.vault.adapters import many

_ADD_ALL: Final = (
    "INSERT INTO vault_person_key (person_id, id, wrapped, root_id, created_at)"
    " SELECT person_id, person_id, wrapped, %s, %s FROM {rows}"
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """One tuple a person: the wrapped key, then each text sealed; and the root key that wrapped them."""

    root_id: str
    rows: list[tuple[bytes, ...]]


def seal_new(persons: Sequence[bytes], texts: Sequence[tuple[str, Sequence[bytes]]]) -> Sealed:
    """Keys for persons (16 bytes each) who have none yet; nothing is written before `add_keys`.

    `texts` names a part and holds one text a person, sealed as `Sealer.seal(text, item=person, part=part)`.
    """
    ring = reads.ring()
    wrapper, head = ring.wrapper()
    context = head + reads.KEY_CONTEXT
    return Sealed(ring.current, many.seal_new(persons, texts, wrapper=wrapper, context=context))


def add_keys(*, rows: str, root_id: str, at: datetime) -> int:
    """Keep the wrapped keys of a temporary table (`person_id`, `wrapped`); how many.

    For the worker's role, in the caller's transaction. A person who has or had a key is an IntegrityError.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ADD_ALL.format(rows=rows), [root_id, at])
        return int(cursor.rowcount)
