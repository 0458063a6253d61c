"""What is left of the documents of a destroyed space: nothing."""

from __future__ import annotations

from uuid import UUID

from healthspace.documents.models import Document, Folder, Quarantine, Revision, SpaceCopy, SpaceCopyPart, Visit


def erase(*, person_id: UUID) -> tuple[str, ...]:
    """Delete every row about this person's documents; the names of their bodies, to be deleted after the commit.

    In the transaction and context of the destruction, in the worker's role (CLO-2).
    """
    bodies = [*Document.objects.filter(person_id=person_id).values_list("blob", flat=True)]
    bodies += SpaceCopyPart.objects.filter(person_id=person_id).values_list("blob", flat=True)
    for table in (Revision, Document, Folder, Visit, SpaceCopyPart, SpaceCopy):
        table.objects.filter(person_id=person_id).delete()
    waiting = Quarantine.objects.filter(person_id=person_id)
    bodies += waiting.values_list("blob", flat=True)
    waiting.update(card=b"")
    return tuple(body for body in bodies if body)
