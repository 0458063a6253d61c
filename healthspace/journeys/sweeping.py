"""Removing sealed bodies that no row names: of a deposit or a question that never came to its end."""

from __future__ import annotations

from healthspace.documents import tasks as documents
from healthspace.support import reads as support
from healthspace.vault import actions as vault


def sweep_once() -> int:
    """Remove sealed bodies that nothing names; gives how many.

    Works across persons, so only the worker's database role sees enough to run it.
    """
    return vault.sweep_orphans(is_known=_is_named)


def _is_named(blob: str) -> bool:
    return documents.is_named(blob) or support.is_blob_named(blob)
