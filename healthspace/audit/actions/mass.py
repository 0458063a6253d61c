"""One line each for many persons: the opening of a whole batch, told in one statement."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from healthspace.audit import rules
from healthspace.common.actor import SYSTEM
from healthspace.schema.many import Persons

# The line's id follows from person, kind and instant, so the same act cannot be told twice.
# In the order of persons, neighbours in the index are written together.
_ADD: Final = (
    "INSERT INTO audit_event (person_id, id, at, kind, actor_kind, actor_id, outcome, rule,"
    " is_hidden_from_representatives, sealed, payload_hash)"
    " SELECT p, md5(p::text || %s)::uuid, %s, %s, %s, %s, 'done', %s, false, '\\x', %s"
    " FROM unnest(%s::uuid[]) AS v(p) ORDER BY p ON CONFLICT DO NOTHING"
)


def record_all(person_ids: Iterable[UUID] | Persons, *, kind: str, at: datetime, rule: str = "ENR-3") -> int:
    """The same line of the installation itself for each of these persons, in the current transaction.

    For the worker's role; how many lines. `ValueError` for a kind whose lines have something to seal.
    """
    asked = Persons.of(person_ids)
    payload_hash = hashlib.sha256(rules.common_payload(kind)).digest()
    with connection.cursor() as cursor:
        salt = f"|{kind}|{rules.instant(at)}"
        cursor.execute(_ADD, [salt, at, kind, SYSTEM.kind, SYSTEM.id, rule, payload_hash, asked.array])
        return int(cursor.rowcount)
