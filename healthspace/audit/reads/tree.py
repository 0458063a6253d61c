"""The tree over all journals: tiles, proofs, checkpoints, and whether it keeps up."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from healthspace.audit import models, rules
from healthspace.common.errors import Refused

COLUMNS: Final = (
    "person_id, id, at, kind, actor_kind, actor_id, institution_id, item_id, outcome, rule,"
    " is_hidden_from_representatives, payload_hash, leaf_index"
)
_BEHIND: Final = "SELECT caught_up_at < now() - make_interval(secs => %s) FROM audit_tree ORDER BY id LIMIT 1"
BEHIND_LASTS_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Proof:
    """That one line is in the tree: check with `rules.is_included` or any RFC 9162 verifier."""

    leaf: bytes
    text: bytes
    index: int
    size: int
    hashes: tuple[bytes, ...]
    checkpoint: str


@dataclass(slots=True)
class _Behind:
    is_so: bool = False
    limit: float = -1.0
    asked_at: float = -1e9


_behind = _Behind()


def is_behind(limit_seconds: float) -> bool:
    """True if lines have waited for the tree longer than this: then no reading (no log, no read).

    The answer is kept for 2 s in this process; measured by the clock of the database.
    """
    if time.monotonic() - _behind.asked_at > BEHIND_LASTS_SECONDS or _behind.limit != limit_seconds:
        with connection.cursor() as cursor:
            cursor.execute(_BEHIND, [limit_seconds])
            row = cursor.fetchone()
        _behind.is_so = row is None or bool(row[0])
        _behind.limit, _behind.asked_at = limit_seconds, time.monotonic()
    return _behind.is_so


def checkpoint() -> str:
    """The newest signed state of the tree, with its witnesses' lines; "" before the first."""
    newest = models.Checkpoint.objects.order_by("-size").first()
    return newest.note + newest.cosignatures if newest else ""


def size() -> int:
    """How many lines are in the tree."""
    newest = models.Checkpoint.objects.order_by("-size").values_list("size", flat=True).first()
    return newest or 0


def tile(level: int, number: int, width: int = rules.TILE_WIDTH) -> bytes:
    """The hashes of a tile, or the first `width` of them; `Refused("ABSENT")` if not that many."""
    row = models.Tile.objects.filter(level=level, number=number).values_list("hashes", flat=True).first()
    wanted = width * rules.HASH_BYTES
    if row is None or len(row) < wanted or not wanted:
        raise Refused("ABSENT")
    return bytes(row[:wanted])


def stored_tile(level: int, number: int) -> bytes:
    """The tile as far as it has grown."""
    row = models.Tile.objects.filter(level=level, number=number).values_list("hashes", flat=True).first()
    return bytes(row or b"")


def proof(*, person_id: UUID, event_id: UUID) -> Proof | None:
    """The proof for one line of this person, under the newest checkpoint; None while it waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM audit_event WHERE person_id = %s AND id = %s",
            [person_id, event_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise Refused("ABSENT")
    newest, index = checkpoint(), row[12]
    if index is None or not newest:
        return None
    text = rules.entry_text(row[:11], bytes(row[11]))
    count = rules.parse_checkpoint(newest).size
    hashes = tuple(rules.inclusion(stored_tile, index, count))
    return Proof(rules.leaf_hash(text), text, index, count, hashes, newest)


def consistency(old_size: int, new_size: int) -> list[bytes]:
    """The proof that the tree of `old_size` is the beginning of that of `new_size`."""
    if not 0 <= old_size <= new_size <= size():
        raise Refused("ABSENT")
    return rules.consistency(stored_tile, old_size, new_size)
