"""The holder's folders."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from healthspace.access import gate
from healthspace.access.deed import deed
from healthspace.common.actor import Actor
from healthspace.documents.models import Folder


@dataclass(frozen=True, slots=True)
class FolderCard:
    """A folder with the number of documents that this reader may see in it."""

    id: UUID
    name: str
    count: int


@deed
def folders(*, actor: Actor, person_id: UUID) -> tuple[FolderCard, ...]:
    """The folders of this space by name, for its holder's side."""
    standing = gate.enter(actor=actor, person_id=person_id)
    gate.require(standing, "create_folder")
    sealer = gate.sealer(standing)
    visible, params = gate.visible(standing)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT folder_id, count(*) FROM documents_document WHERE person_id = %s"
            f" AND folder_id IS NOT NULL AND status = 'current' AND ({visible}) GROUP BY folder_id",
            [person_id, *params],
        )
        counts: dict[UUID, int] = dict(cursor.fetchall())
    found = [
        FolderCard(
            row.id,
            sealer.unseal(bytes(row.sealed_name), item=row.id, part="name").decode(),
            counts.get(row.id, 0),
        )
        for row in Folder.objects.filter(person_id=person_id)
    ]
    return tuple(sorted(found, key=lambda folder: folder.name.casefold()))
