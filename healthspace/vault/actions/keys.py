"""Keys of persons and root keys: made, destroyed, rotated."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from healthspace.common import clock
from healthspace.common.errors import Conflict
from healthspace.vault import models, reads
from healthspace.vault.adapters import keyring
from healthspace.vault.rules import KEY_BYTES

BATCH: Final = 500
_ADD: Final = (
    "INSERT INTO vault_person_key (person_id, id, wrapped, root_id, created_at)"
    " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (person_id, id) DO NOTHING"
)
_DESTROY: Final = (
    "UPDATE vault_person_key SET wrapped = NULL, archived = NULL, interim = NULL, destroyed_at = %s"
    " WHERE person_id = %s AND destroyed_at IS NULL"
)
_IN_USE: Final = (
    "SELECT count(*) FROM vault_person_key"
    " WHERE (root_id = %s AND wrapped IS NOT NULL) OR (interim_root_id = %s AND interim IS NOT NULL)"
)
# What lies under a root key: the person's key, and the key of the journal of a closed time.
_UNDER_ROOT: Final = (("wrapped", "root_id", "key_context"), ("interim", "interim_root_id", "interim_context"))
_noted: set[str] = set()


def prepare_keys() -> None:
    """Make the key files on the first start and note the root key's name; for `ops` and tests."""
    _note(reads.ring().current)
    reads.journal_key()


def create_key(*, person_id: UUID) -> None:
    """A fresh key for a new space, wrapped; `Conflict` if the person has or had one."""
    ring = reads.ring()
    wrapped = ring.wrap(os.urandom(KEY_BYTES), reads.key_context(person_id))
    reads.forget(person_id)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [person_id, person_id, wrapped, ring.current, clock.now()])
        if cursor.rowcount == 0:
            raise Conflict("this person has a key")
    reads.hold_back(person_id)
    transaction.on_commit(lambda: reads.release(person_id))
    if ring.current not in _noted:
        transaction.on_commit(lambda: _note(ring.current))


def destroy_key(*, person_id: UUID) -> None:
    """Make everything sealed for this person unreadable for good (RGPD art. 17, CSP R1111-34).

    Other processes forget it within 60 s.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DESTROY, [clock.now(), person_id])
    reads.forget(person_id)
    transaction.on_commit(lambda: reads.forget(person_id))


def rotate_root(*, progress: Callable[[int], None] = lambda done: None) -> int:
    """A new root key, and every person key wrapped anew under it; no sealed text is touched.

    For the worker's role. May be stopped at any point and called again through `rewrap`.
    Returns how many keys were wrapped anew. The old root key stays until `retire_root`.
    """
    ring = reads.ring().with_new_root()
    _note(ring.current)
    _save(ring)
    return rewrap(progress=progress)


def rewrap(*, progress: Callable[[int], None] = lambda done: None) -> int:
    """Wrap what is still under an older root key; goes on where a stopped rotation left off."""
    done = 0
    for wrapped, root, context in _UNDER_ROOT:
        while count := _rewrap_batch(wrapped, root, context):
            done += count
            progress(done)
    return done


def retire_root(*, root_id: str) -> None:
    """Forget an old root key: copies of destroyed person keys in old backups die with it.

    `Conflict` while it is current or still wraps a living key. For the worker's role.
    """
    ring = reads.ring()
    with connection.cursor() as cursor:
        cursor.execute(_IN_USE, [root_id, root_id])
        row = cursor.fetchone()
    if root_id == ring.current or root_id not in ring.root_ids or (row and row[0]):
        raise Conflict("this root key is in use or unknown")
    _save(ring.without(root_id))


def _save(ring: keyring.KeyRing) -> None:
    ring.save(Path(settings.ROOT_KEY_FILE))
    reads.forget_ring()


def _note(root_id: str) -> None:
    models.Root.objects.get_or_create(root_id=root_id)
    _noted.add(root_id)


def _rewrap_batch(wrapped: str, root: str, context: str) -> int:
    """`wrapped` and `root` name columns, `context` the function of `reads` that binds them to the person."""
    ring = reads.ring()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person_id, {root}, {wrapped} FROM vault_person_key"
            f" WHERE {root} <> %s AND {wrapped} IS NOT NULL ORDER BY person_id LIMIT %s",
            [ring.current, BATCH],
        )
        rows = cursor.fetchall()
        for person_id, root_id, value in rows:
            bound = getattr(reads, context)(person_id)
            key = reads.ring_with(root_id).unwrap(root_id, bytes(value), bound)
            cursor.execute(
                f"UPDATE vault_person_key SET {wrapped} = %s, {root} = %s"
                f" WHERE person_id = %s AND {root} = %s AND {wrapped} IS NOT NULL",
                [ring.wrap(key, bound), ring.current, person_id, root_id],
            )
    return len(rows)
