"""How far a file of reimbursed care was taken in: part by part, so that a stopped run goes on where it was."""

from __future__ import annotations

from typing import Any

from healthspace.profile.models import CarePart


def parts_taken(digest: str) -> dict[int, dict[str, Any]]:
    """The parts of this file that were taken, with what came of each."""
    return dict(CarePart.objects.filter(digest=digest).values_list("number", "counts"))


def note_part(*, digest: str, number: int, counts: dict[str, Any]) -> None:
    """This part was taken; in the transaction that keeps its lines."""
    CarePart.objects.create(digest=digest, number=number, counts=counts)


def forget_parts(digest: str) -> None:
    """The whole file was taken: delivered once more, it is read once more."""
    CarePart.objects.filter(digest=digest).delete()
