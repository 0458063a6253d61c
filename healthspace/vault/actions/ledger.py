"""Naming each destruction outside the database, before it happens (T61)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from healthspace.common import clock
from healthspace.vault import reads
from healthspace.vault.actions.signing import sign
from healthspace.vault.adapters import ledger

_GONE: Final = "SELECT person_id FROM vault_person_key WHERE destroyed_at IS NOT NULL"
_LIVING: Final = "SELECT person_id FROM vault_person_key WHERE person_id = ANY(%s) AND destroyed_at IS NULL"


def note_destruction(*, person_id: UUID, event_id: UUID) -> ledger.Destroyed:
    """One signed line in the ledger of destructions, durable when it returns; for the worker."""
    entry = ledger.Destroyed(person_id, clock.now(), event_id)
    ledger.append(Path(settings.DESTRUCTION_LEDGER), entry, sign, reads.verify)
    return entry


def destroyed() -> Iterator[ledger.Destroyed]:
    """The ledger of destructions, oldest first; `Unavailable` when it was tampered with."""
    return ledger.read(Path(settings.DESTRUCTION_LEDGER), reads.verify)


def living(person_ids: Collection[UUID]) -> list[UUID]:
    """Those among these persons whose key was not destroyed; for the worker's role."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVING, [list(person_ids)])
        return [person_id for (person_id,) in cursor.fetchall()]


def unnamed() -> list[UUID]:
    """Whom this database destroyed and the ledger does not name: the ledger is older than it, or lost.

    For the worker's role. `Unavailable` when the ledger was tampered with.
    """
    named = {line.person_id for line in destroyed()}
    with connection.cursor() as cursor:
        cursor.execute(_GONE)
        return [person_id for (person_id,) in cursor.fetchall() if person_id not in named]
