"""Housekeeping of stored bytes, for the worker."""

from __future__ import annotations

from healthspace.documents.actions import releasing
from healthspace.documents.models import Document, Quarantine, SpaceCopyPart
from healthspace.vault import actions as vault


def sweep_once() -> int:
    """Remove sealed bodies whose deposit never became a row; gives how many.

    Works across persons, so only the worker's database role sees enough to run it.
    """
    return vault.sweep_orphans(is_known=_is_named)


def _is_named(blob: str) -> bool:
    named = Document.objects.filter(blob=blob).exists()  # cross-person: every body has one row
    return named or Quarantine.objects.filter(blob=blob).exists() or SpaceCopyPart.objects.filter(blob=blob).exists()


def release_once() -> int:
    """File what waited for the virus scanner; gives how many were settled."""
    return releasing.release_waiting()
