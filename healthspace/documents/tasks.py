"""Housekeeping of stored bytes, for the worker."""

from __future__ import annotations

from healthspace.documents.actions import releasing
from healthspace.documents.models import Document, Quarantine, SpaceCopyPart


def is_named(blob: str) -> bool:
    """True when a document, a deposit in doubt or a copy lies in this body; across persons, in the worker's role."""
    named = Document.objects.filter(blob=blob).exists()  # cross-person: every body has one row
    return named or Quarantine.objects.filter(blob=blob).exists() or SpaceCopyPart.objects.filter(blob=blob).exists()


def release_once() -> int:
    """File what waited for the virus scanner; gives how many were settled."""
    return releasing.release_waiting()
