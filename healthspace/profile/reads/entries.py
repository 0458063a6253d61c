"""What may be read of a person's clinical entries: those drawn from a document only by who may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection

from healthspace.access import gate
from healthspace.access.deed import deed
from healthspace.common.actor import Actor

PAGE: Final = 50
_FROM: Final = (
    " FROM profile_entry WHERE person_id = %s AND (source_document_id IS NULL"
    " OR source_document_id IN (SELECT id FROM documents_document WHERE person_id = %s AND ({visible})))"
)
_SELECT: Final = "SELECT id, resource_type, sealed_resource, source_document_id, recorded_at"
_PAGE: Final = " AND (%s = '' OR resource_type = %s) ORDER BY recorded_at DESC, id DESC LIMIT %s OFFSET %s"


@dataclass(frozen=True, slots=True)
class Entry:
    """One clinical entry, unsealed; `resource` is FHIR R4 JSON as it came."""

    id: UUID
    resource_type: str
    resource: Mapping[str, Any]
    source_document_id: UUID | None
    recorded_at: datetime


@deed
def entries(
    *, actor: Actor, person_id: UUID, resource_type: str = "", limit: int = PAGE, offset: int = 0
) -> tuple[Entry, ...]:
    """A page of entries of one kind (or of all), latest kept first; journalled."""
    standing = gate.enter(actor=actor, person_id=person_id)
    decision = gate.require(standing, "read_profile")
    sealer = gate.sealer(standing)
    visible, params = _visible(standing)
    with connection.cursor() as cursor:
        cursor.execute(_SELECT + visible + _PAGE, [*params, resource_type, resource_type, limit, offset])
        rows = cursor.fetchall()
    gate.journal(standing, "profile_read", rule=decision.rule)
    return tuple(
        Entry(
            id=item,
            resource_type=kind,
            resource=orjson.loads(sealer.unseal(bytes(sealed), item=item, part="resource:1")),
            source_document_id=document_id,
            recorded_at=recorded_at,
        )
        for item, kind, sealed, document_id, recorded_at in rows
    )


@deed
def counts(*, actor: Actor, person_id: UUID) -> Mapping[str, int]:
    """How many entries of each kind this reader may see; journalled."""
    standing = gate.enter(actor=actor, person_id=person_id)
    decision = gate.require(standing, "read_profile")
    visible, params = _visible(standing)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT resource_type, count(*){visible} GROUP BY resource_type", params)
        found = dict(cursor.fetchall())
    gate.journal(standing, "profile_read", rule=decision.rule)
    return found


def _visible(standing: gate.Standing) -> tuple[str, list[Any]]:
    """The entries this reader may know of: filter before search, as for documents (T30)."""
    visible, params = gate.visible(standing)
    return _FROM.format(visible=visible), [standing.person_id, standing.person_id, *params]
