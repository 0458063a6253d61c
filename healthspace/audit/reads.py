"""Reading the journal: lines for the holder, the tree for whoever checks, and its health."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection

from healthspace.audit import kinds, models, rules
from healthspace.audit.ports import Unseal
from healthspace.common.errors import Refused

Place = tuple[datetime, UUID]
"""Where a page of the journal ended: (at, id) of its last line."""

_COLUMNS: Final = (
    "id, at, kind, actor_kind, actor_id, institution_id, outcome, rule, item_id, leaf_index,"
    " is_hidden_from_representatives, sealed"
)
_BEHIND: Final = "SELECT caught_up_at < now() - make_interval(secs => %s) FROM audit_tree ORDER BY id LIMIT 1"
BEHIND_LASTS_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a person's journal, opened; `sentence` is in the language of the page."""

    id: UUID
    at: datetime
    kind: str
    actor_kind: str
    actor_id: UUID
    actor_name: str
    institution_id: UUID | None
    institution_name: str
    profession: str
    software: str
    mode: str
    reason: str
    outcome: str
    rule: str
    item_id: UUID | None
    details: Mapping[str, str]
    leaf_index: int | None
    is_hidden_from_representatives: bool

    @property
    def sentence(self) -> str:
        """Who did what, in plain words, for the holder."""
        return kinds.KINDS[self.kind].tell(self)

    @property
    def place(self) -> Place:
        """Give it as `before` to read on."""
        return (self.at, self.id)


@dataclass(frozen=True, slots=True)
class Proof:
    """That one line is in the tree: check with `rules.is_included` or any RFC 9162 verifier."""

    leaf: bytes
    text: bytes
    index: int
    size: int
    hashes: tuple[bytes, ...]
    checkpoint: str


def journal(
    *,
    person_id: UUID,
    unseal: Unseal,
    before: Place | datetime | None = None,
    limit: int = 50,
    item_id: UUID | None = None,
    hidden_from: str = "",
    without_items: Collection[UUID] = (),
) -> list[Entry]:
    """The newest lines of this person, newest first, inside a transaction of that person.

    `hidden_from="representative"` leaves out what the minor keeps secret; `without_items` what the
    reader may not know of (documents hidden from the holder).
    """
    wanted = ["person_id = %s"]
    values: list[Any] = [person_id]
    _narrow(wanted, values, before, item_id)
    if hidden_from == "representative":
        wanted.append("NOT is_hidden_from_representatives")
    if without_items:
        wanted.append("(item_id IS NULL OR item_id <> ALL(%s))")
        values.append(list(without_items))
    statement = (
        f"SELECT {_COLUMNS} FROM audit_event WHERE {' AND '.join(wanted)}"  # noqa: S608 our own words only
        " ORDER BY at DESC, id DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, limit])
        return [_entry(row, unseal) for row in cursor.fetchall()]


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
            "SELECT person_id, id, at, kind, actor_kind, actor_id, institution_id, item_id, outcome, rule,"
            " is_hidden_from_representatives, payload_hash, leaf_index FROM audit_event"
            " WHERE person_id = %s AND id = %s",
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


@dataclass(slots=True)
class _Behind:
    is_so: bool = False
    limit: float = -1.0
    asked_at: float = -1e9


_behind = _Behind()


def _narrow(
    wanted: list[str], values: list[Any], before: Place | datetime | None, item_id: UUID | None
) -> None:
    if isinstance(before, datetime):
        wanted.append("at < %s")
        values.append(before)
    elif before is not None:
        wanted.append("(at, id) < (%s, %s)")
        values.extend(before)
    if item_id is not None:
        wanted.append("item_id = %s")
        values.append(item_id)


def _entry(row: tuple[Any, ...], unseal: Unseal) -> Entry:
    payload = orjson.loads(unseal(bytes(row[11]), row[0])[rules.BLIND_BYTES :])
    return Entry(
        id=row[0],
        at=row[1],
        kind=row[2],
        actor_kind=row[3],
        actor_id=row[4],
        actor_name=payload["actor"],
        institution_id=row[5],
        institution_name=payload["institution"],
        profession=payload["profession"],
        software=payload["software"],
        mode=payload["mode"],
        reason=payload["reason"],
        outcome=row[6],
        rule=row[7],
        item_id=row[8],
        details=payload["details"],
        leaf_index=row[9],
        is_hidden_from_representatives=row[10],
    )
