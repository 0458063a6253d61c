"""How the description of a document changed: one version per change, oldest last."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthspace.access import gate
from healthspace.access.deed import deed
from healthspace.common.actor import Actor
from healthspace.documents.models import Revision
from healthspace.documents.reads.opening import allowed_row, journal_row
from healthspace.documents.reads.rows import Card, CardMaker


class Version(NamedTuple):
    """A version of the description and until when it held (None: it still does)."""

    card: Card
    until: datetime | None


@deed
def versions(*, actor: Actor, person_id: UUID, document_id: UUID) -> tuple[Version, ...]:
    """Every version of one document's description, newest first, for who may open it.

    Each old version is judged as it stood: what was hidden from this reader then stays unseen. A helper is
    told of none: hiding makes a version (T23).
    """
    standing = gate.enter(actor=actor, person_id=person_id)
    row, rule = allowed_row(standing, document_id, "open")
    maker = CardMaker(standing)
    found = [Version(maker.card(row), None)]
    began_at = row.deposited_at
    earlier = Revision.objects.filter(person_id=person_id, document_id=document_id).order_by("version")
    for old in earlier if maker.is_told_masks else ():
        before = replace(
            row,
            version=old.version,
            changed_at=began_at,
            status=old.status,
            is_masked=old.is_masked,
            hidden_from_holder_until=old.hidden_from_holder_until,
            is_hidden_from_representatives=old.is_hidden_from_representatives,
            card=bytes(old.card),
            own_words=None,
        )
        began_at = old.until
        if gate.decide(standing, "open", before.guarded()).is_allowed:
            found.insert(1, Version(maker.card(before), old.until))
    journal_row(standing, "document_opened", rule, row)
    return tuple(found)
