"""The holder's folders."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from healthspace.access import gate
from healthspace.access.deed import deed
from healthspace.common.actor import Actor
from healthspace.documents.models import Document, Folder


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
    counts: dict[UUID | None, int] = {}
    for folder_id in (
        Document.objects.filter(person_id=person_id, status="current")
        .exclude(folder_id=None)
        .extra(where=[visible], params=params)
        .values_list("folder_id", flat=True)
    ):
        counts[folder_id] = counts.get(folder_id, 0) + 1
    found = [
        FolderCard(
            row.id,
            sealer.unseal(bytes(row.sealed_name), item=row.id, part="name").decode(),
            counts.get(row.id, 0),
        )
        for row in Folder.objects.filter(person_id=person_id)
    ]
    return tuple(sorted(found, key=lambda folder: folder.name.casefold()))
