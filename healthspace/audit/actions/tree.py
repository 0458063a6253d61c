"""Putting journal lines into the tree and signing its states; for the worker's role."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from healthspace.audit import rules
from healthspace.audit.adapters import signer as signers
from healthspace.common import clock

_LOCK: Final = "SELECT id, size FROM audit_tree ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
# As texts: a UUID object for each would cost more than the hash.
_COLUMNS: Final = (
    "SELECT person_id::text, id::text, at, kind, actor_kind, actor_id::text, institution_id::text, item_id::text,"
    " outcome, rule, is_hidden_from_representatives, payload_hash FROM audit_event"
)
_WAITING: Final = f"{_COLUMNS} WHERE leaf_index IS NULL AND sealed <> '\\x' ORDER BY at, id LIMIT %s"
# Thousands have one instant and no order among them; sorting them again for each turn would never end.
_MASS_WAITING: Final = f"{_COLUMNS} WHERE leaf_index IS NULL AND sealed = '\\x' ORDER BY at LIMIT %s"
_PLACE: Final = (
    "UPDATE audit_event e SET leaf_index = v.leaf"
    " FROM unnest(%s::bigint[], %s::uuid[], %s::uuid[]) AS v(leaf, person, event)"
    " WHERE e.person_id = v.person AND e.id = v.event AND e.leaf_index IS NULL"
)
_SAVE_TILE: Final = (
    "INSERT INTO audit_tile (level, number, hashes) VALUES (%s, %s, %s)"
    " ON CONFLICT (level, number) DO UPDATE SET hashes = EXCLUDED.hashes"
)
_SAVE_CHECKPOINT: Final = (
    "INSERT INTO audit_checkpoint (size, root, at, note, cosignatures) VALUES (%s, %s, %s, %s, '')"
)
_MOVE_ON: Final = (
    "UPDATE audit_tree SET size = %s, caught_up_at = CASE WHEN %s THEN now() ELSE caught_up_at END WHERE id = %s"
)


def sequence(*, limit: int = 1000, mass_limit: int = 0) -> int:
    """Put waiting lines into the tree and sign its new state, all in one transaction.

    Lines of acts first; when fewer than `limit` wait, then up to `mass_limit` lines of mass acts
    (as many as `limit` if not given), so that an opening for millions keeps nobody from reading.

    For the worker's role. One sequencer works at a time; the others give 0 at once. What a crash
    interrupts is rolled back: nothing signed leaves before the commit, so the tree never forks.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        tree = cursor.fetchone()
        if tree is None:
            return 0
        tree_id, size = tree
        cursor.execute(_WAITING, [limit])
        waiting = cursor.fetchall()
        is_caught_up = len(waiting) < limit
        if is_caught_up:
            cursor.execute(_MASS_WAITING, [(mass_limit or limit) - len(waiting)])
            waiting += cursor.fetchall()
        if waiting:
            _grow(cursor, size, waiting)
        cursor.execute(_MOVE_ON, [size + len(waiting), is_caught_up, tree_id])
    return len(waiting)


def _grow(cursor: Any, size: int, waiting: list[tuple[Any, ...]]) -> None:
    growing = _growing(cursor, size)
    leaves = [rules.leaf_hash(rules.entry_text(row[:11], bytes(row[11]))) for row in waiting]
    for (level, number), hashes in rules.append(growing, size, leaves).items():
        cursor.execute(_SAVE_TILE, [level, number, hashes])
    places = (map(str, range(size, size + len(waiting))), (row[0] for row in waiting), (row[1] for row in waiting))
    cursor.execute(_PLACE, ["{" + ",".join(words) + "}" for words in places])
    if cursor.rowcount != len(waiting):
        raise RuntimeError("a journal line moved while it was put into the tree")
    _sign(cursor, size + len(waiting), rules.growing_root(growing), clock.now())


def _growing(cursor: Any, size: int) -> dict[int, list[bytes]]:
    growing: dict[int, list[bytes]] = {}
    for level, number, width in rules.growing_tiles(size):
        cursor.execute("SELECT hashes FROM audit_tile WHERE level = %s AND number = %s", [level, number])
        row = cursor.fetchone()
        growing[level] = rules.split(bytes(row[0])) if row else []
        if len(growing[level]) != width:
            raise RuntimeError("a tile of the journal is not as long as the tree says")
    return growing


def _sign(cursor: Any, size: int, root: bytes, at: datetime) -> None:
    signer, name = signers.signer(), signers.origin()
    body = rules.checkpoint_body(name, size, root)
    key_id = rules.key_hash(name, b"\x01", signer.public_key())
    note = body.decode() + "\n" + rules.signature_line(name, key_id, signer.sign(body))
    cursor.execute(_SAVE_CHECKPOINT, [size, root, at, note])
