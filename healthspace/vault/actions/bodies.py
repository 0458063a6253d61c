"""Sealed bodies: stored, deleted, swept."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from healthspace.common import clock
from healthspace.vault import reads


def store_blob(*, person_id: UUID, item: UUID, content: bytes) -> str:
    """Seal and store a body; durable when it returns. Gives the blob's random name."""
    name = os.urandom(20).hex()
    sealed = reads.sealer(person_id).seal_body(content, item=item, name=name)
    reads.store().put_once(name, sealed)
    return name


def delete_blob(*, blob: str) -> None:
    """Remove a body whose row is gone; one that is not there is no error."""
    reads.store().delete(blob)


def sweep_orphans(*, is_known: Callable[[str], bool], older_than_hours: int = 24) -> int:
    """Delete bodies that no row names, old enough that no deposit is still under way.

    Returns how many were deleted.
    """
    border = clock.now() - timedelta(hours=older_than_hours)
    store, swept = reads.store(), 0
    for found in store.names():
        if found.stored_at < border and not is_known(found.name):
            store.delete(found.name)
            swept += 1
    return swept
