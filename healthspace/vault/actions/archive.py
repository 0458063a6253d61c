"""The key of a closed space: into the archive at a door, out of it by the worker alone (T27, CSP R.1111-36)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from healthspace.common import clock
from healthspace.common.errors import Conflict, Unavailable
from healthspace.vault import reads
from healthspace.vault.adapters import archive
from healthspace.vault.rules import KEY_BYTES

_LOCK: Final = (
    "SELECT wrapped, root_id, interim, interim_root_id, archived, archive_id FROM vault_person_key"
    " WHERE person_id = %s FOR UPDATE"
)
_ARCHIVE: Final = (
    "UPDATE vault_person_key SET wrapped = NULL, archived = %s, archive_id = %s, archived_at = %s, interim = %s,"
    " interim_root_id = %s WHERE person_id = %s"
)
_CLOSE_PARTED: Final = "UPDATE vault_person_key SET wrapped = NULL WHERE person_id = %s"
_PART: Final = (
    "UPDATE vault_person_key SET wrapped = %s, root_id = %s, archived = %s, archive_id = %s, archived_at = %s,"
    " interim = %s, interim_root_id = %s WHERE person_id = %s"
)
_RESTORE: Final = (
    "UPDATE vault_person_key SET wrapped = %s, root_id = %s, archived = NULL, archive_id = '', archived_at = NULL"
    " WHERE person_id = %s"
)
_NONE: Final[tuple[Any, ...]] = (None,) * 6


def prepare_archive() -> None:
    """Make the archive's key pair on the first start; for the worker and the tests."""
    archive.make_pair(Path(settings.ARCHIVE_KEY_FILE))


def archive_key(*, person_id: UUID) -> None:
    """Seal the person's key to the archive; from the commit on, no door opens anything of the person.

    The journal of the closed time gets a key of its own, the same one at each closing. `Conflict`
    when there is no living key; one that lies there already stays as it is. Other processes forget
    the key within 60 s; the gate refuses at once.
    """
    if settings.ROLE == "worker":  # a mass command may come before the first start
        prepare_archive()
    sealing = archive.public_half(Path(settings.ARCHIVE_KEY_FILE))
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [person_id])
        wrapped, root_id, interim, interim_root_id, archived, _ = cursor.fetchone() or _NONE
        if wrapped is None:
            raise Conflict("there is no living key to archive")
        if archived is not None:
            cursor.execute(_CLOSE_PARTED, [person_id])
            _forget(person_id)
            return
        key = reads.ring_with(root_id).unwrap(root_id, bytes(wrapped), reads.key_context(person_id))
        archived = archive.seal(sealing, key, _context(person_id))
        if interim is None:
            ring = reads.ring()
            interim = ring.wrap(os.urandom(KEY_BYTES), reads.interim_context(person_id))
            interim_root_id = ring.current
        cursor.execute(_ARCHIVE, [archived, sealing[0], clock.now(), interim, interim_root_id, person_id])
    _forget(person_id)


def part_key(*, person_id: UUID) -> tuple[reads.Sealer, reads.Sealer]:
    """Seal the person's key to the archive and give them another beside it; for the worker only.

    For somebody who refused: what was kept before can no longer be opened, but who they are can, once the
    caller has sealed that anew in the same transaction. Gives what opens it and what seals it anew.
    `Conflict` without a living key, or when one lies in the archive already. Other processes forget the first
    key within 60 s.
    """
    _require_worker()
    prepare_archive()
    sealing = archive.public_half(Path(settings.ARCHIVE_KEY_FILE))
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [person_id])
        wrapped, root_id, interim, interim_root_id, archived, _ = cursor.fetchone() or _NONE
        if wrapped is None or archived is not None:
            raise Conflict("there is no whole key to archive")
        ring, bound = reads.ring_with(root_id), reads.interim_context(person_id)
        key = ring.unwrap(root_id, bytes(wrapped), reads.key_context(person_id))
        kept = reads.ring_with(interim_root_id).unwrap(interim_root_id, bytes(interim), bound) if interim else None
        other, ring = kept or os.urandom(KEY_BYTES), reads.ring()
        now_wrapped, now_interim = ring.wrap(other, reads.key_context(person_id)), ring.wrap(other, bound)
        put_away = archive.seal(sealing, key, _context(person_id))
        cursor.execute(
            _PART,
            [now_wrapped, ring.current, put_away, sealing[0], clock.now(), now_interim, ring.current, person_id],
        )
    _forget(person_id)
    return reads.Sealer(person_id, key, kept), reads.Sealer(person_id, other, is_parted=True)


def restore_key(*, person_id: UUID) -> None:
    """Put the key of a space that reopens, or is no longer refused, back under the root key; for the worker only.

    `Unavailable` without the private half of the archive's key, `Conflict` when nothing is archived.
    """
    _require_worker()
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [person_id])
        _, _, _, _, archived, archive_id = cursor.fetchone() or _NONE
        if archived is None:
            raise Conflict("nothing of this person is in the archive")
        key = archive.unseal(Path(settings.ARCHIVE_KEY_FILE), archive_id, bytes(archived), _context(person_id))
        ring = reads.ring()
        cursor.execute(_RESTORE, [ring.wrap(key, reads.key_context(person_id)), ring.current, person_id])
    _forget(person_id)


def _require_worker() -> None:
    if settings.ROLE != "worker":
        raise Unavailable("only the worker opens the archive")


def _context(person_id: UUID) -> bytes:
    return b"archive-key\0" + person_id.bytes


def _forget(person_id: UUID) -> None:
    reads.hold_back(person_id)  # no unwrapped key is kept while this may yet come to nothing
    transaction.on_commit(lambda: reads.release(person_id))
