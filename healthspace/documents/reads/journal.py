"""The journal as the holder's side may see it: without what is still hidden from them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from healthspace.access import gate, rules
from healthspace.access import reads as access
from healthspace.access.deed import deed
from healthspace.audit import reads as audit
from healthspace.common.actor import Actor
from healthspace.schema.message import call, send, to_uuid


@deed
def journal(
    *,
    actor: Actor,
    person_id: UUID,
    before: audit.Place | datetime | None = None,
    item_id: UUID | None = None,
    limit: int = 100,
    is_act: bool = True,
    since: datetime | None = None,
    by: Collection[str] = (),
    outcome: str = "",
) -> tuple[audit.Entry, ...]:
    """Who did what in this space, newest first, for its holder's side.

    A document that waits for its announcement (ANN-1), or is secret to representatives (CHI-4),
    leaves no line in the journal they see; the line is written all the same and shows later.
    """
    standing = gate.enter(actor=actor, person_id=person_id)
    return access.journal_of(
        standing,
        without_items=_unknown_to(standing),
        before=before,
        item_id=item_id,
        limit=limit,
        is_act=is_act,
        since=since,
        by=by,
        outcome=outcome,
    )


def _unknown_to(standing: gate.Standing) -> tuple[UUID, ...]:
    hidden = "hidden_from_holder_until > %s"
    params: list[Any] = [standing.person_id, standing.at]
    if standing.asker.role == "representative":
        hidden += " OR is_hidden_from_representatives OR type_code = ANY(%s)"
        params.append(sorted(rules.DIRECTIVES))
    found = send(call(f"SELECT id FROM documents_document WHERE person_id = %s AND ({hidden})", params), (to_uuid,))
    return tuple(row[0] for row in found)
