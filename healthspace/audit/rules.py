"""The journal's mathematics: canonical JSON, the tree of RFC 6962 kept in tiles, checkpoints.

Plain functions of bytes and numbers. Verifiers follow RFC 9162 2.1.3.2 and 2.1.4.2 and share no
code with the builder. Tiles follow C2SP tlog-tiles: a tile of level L holds up to 256 hashes of
tree level 8 x L.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson

HASH_BYTES: Final = 32
BLIND_BYTES: Final = 32
TILE_WIDTH: Final = 256
TILE_LEVELS: Final = 8
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
COMMON_KINDS: Final = frozenset(
    ("space_opened_by_law", "space_informed", "information_failed", "care_history_added", "representative_named",
     "mandate_given")
)  # fmt: skip
"""Kinds the installation itself writes for many persons at once, with nothing of their own to seal."""

Json = Mapping[str, "str | int | bool | Json | None"]
Tiles = Callable[[int, int], bytes]
"""(level, number) -> the hashes of that tile, joined."""


def canonical(content: Json) -> bytes:
    """RFC 8785 JSON, for ASCII keys and values of text, whole number, truth, null or more of it."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def instant(at: datetime) -> str:
    """An instant as the journal writes it: UTC, microseconds, always the same length."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def common_payload(kind: str) -> bytes:
    """What a line of a mass act says: the same for everybody, so nothing is sealed and readers make it again.

    Where sealed lines begin with random bytes, these begin with zeros: the kind stands in clear beside
    it, so there is nothing to guess. `ValueError` for a kind whose lines are sealed.
    """
    if kind not in COMMON_KINDS:
        raise ValueError(f"lines of this kind are sealed: {kind}")
    empty = dict.fromkeys(("institution", "profession", "reason", "software"), "")
    return bytes(BLIND_BYTES) + canonical({**empty, "actor": "healthspace", "details": {}, "mode": "normal"})


def entry_text(columns: Sequence[Any], payload_hash: bytes) -> bytes:
    """The text of one journal line that the tree commits to.

    `columns`: person, id, at, kind, actor kind, actor, institution, item, outcome, rule, hidden.
    """
    person, event, at, kind, actor_kind, actor, place, item, outcome, rule, is_hidden = columns
    return canonical(
        {
            "actor_id": str(actor),
            "actor_kind": actor_kind,
            "at": instant(at),
            "id": str(event),
            "institution_id": str(place) if place else None,
            "is_hidden_from_representatives": is_hidden,
            "item_id": str(item) if item else None,
            "kind": kind,
            "outcome": outcome,
            "payload": payload_hash.hex(),
            "person_id": str(person),
            "rule": rule,
            "v": 1,
        }
    )


def leaf_hash(content: bytes) -> bytes:
    """RFC 6962 2.1: the hash of one entry."""
    return hashlib.sha256(b"\0" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 2.1: the hash of two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


def split(hashes: bytes) -> list[bytes]:
    """The single hashes of a tile."""
    return [hashes[i : i + HASH_BYTES] for i in range(0, len(hashes), HASH_BYTES)]


def whole_root(hashes: Sequence[bytes]) -> bytes:
    """The root over 2^k neighbouring hashes."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def append(growing: dict[int, list[bytes]], size: int, leaves: Sequence[bytes]) -> dict[tuple[int, int], bytes]:
    """Add leaves to a tree of `size`; gives every tile that is new or grew.

    `growing` holds the last, not yet full tile of each level and is brought up to date.
    """
    changed: dict[tuple[int, int], bytes] = {}
    for leaf in leaves:
        level, entry, number = 0, leaf, size
        while True:
            tile = growing.setdefault(level, [])
            tile.append(entry)
            number //= TILE_WIDTH
            if len(tile) < TILE_WIDTH:
                break
            changed[level, number] = b"".join(tile)
            entry = whole_root(tile)
            tile.clear()
            level += 1
        size += 1
    for level, tile in growing.items():
        if tile:
            changed[level, size >> (TILE_LEVELS * level) >> TILE_LEVELS] = b"".join(tile)
    return changed


def growing_root(growing: Mapping[int, Sequence[bytes]]) -> bytes:
    """The root of the tree, from the last tile of each level."""
    root: bytes | None = None
    for level in sorted(growing):
        row = list(growing[level])
        while row:
            width = len(row) & -len(row)
            peak = whole_root(row[-width:])
            root = peak if root is None else node_hash(peak, root)
            del row[-width:]
    return EMPTY_ROOT if root is None else root


def growing_tiles(size: int) -> list[tuple[int, int, int]]:
    """(level, number, width) of the tiles that are not full at this size."""
    out, level, count = [], 0, size
    while count:
        if width := count % TILE_WIDTH:
            out.append((level, count // TILE_WIDTH, width))
        level, count = level + 1, count // TILE_WIDTH
    return out


def range_root(tiles: Tiles, start: int, end: int) -> bytes:
    """The root over leaves start to end-1, from as few tiles as hold it."""
    width = end - start
    if width & (width - 1) == 0 and start % width == 0:
        return _node(tiles, width.bit_length() - 1, start // width)
    middle = start + _largest_power_below(width)
    return node_hash(range_root(tiles, start, middle), range_root(tiles, middle, end))


def root_at(tiles: Tiles, size: int) -> bytes:
    """The root of the first `size` leaves."""
    return range_root(tiles, 0, size) if size else EMPTY_ROOT


def inclusion(tiles: Tiles, index: int, size: int) -> list[bytes]:
    """The proof that leaf `index` is in the tree of `size` leaves (RFC 6962 2.1.1)."""
    start, end, proof = 0, size, []
    while end - start > 1:
        middle = start + _largest_power_below(end - start)
        if index < middle:
            proof.append(range_root(tiles, middle, end))
            end = middle
        else:
            proof.append(range_root(tiles, start, middle))
            start = middle
    return proof[::-1]


def consistency(tiles: Tiles, old_size: int, size: int) -> list[bytes]:
    """The proof that the tree of `old_size` leaves is the beginning of that of `size` (2.1.2)."""
    if old_size in {0, size}:
        return []
    start, end, is_whole, proof = 0, size, True, []
    while old_size != end:
        middle = start + _largest_power_below(end - start)
        if old_size <= middle:
            proof.append(range_root(tiles, middle, end))
            end = middle
        else:
            proof.append(range_root(tiles, start, middle))
            start, is_whole = middle, False
    if not is_whole:
        proof.append(range_root(tiles, start, end))
    return proof[::-1]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Check an inclusion proof (RFC 9162 2.1.3.2)."""
    if index >= size:
        return False
    first, last, hashed = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if first & 1 or first == last:
            hashed = node_hash(step, hashed)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            hashed = node_hash(hashed, step)
        first, last = first >> 1, last >> 1
    return last == 0 and hashed == root


def is_consistent(old_size: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes) -> bool:
    """Check a consistency proof (RFC 9162 2.1.4.2)."""
    if old_size == size:
        return not proof and old_root == root
    if old_size == 0:
        return not proof
    if old_size > size or not proof:
        return False
    steps = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    first, last = old_size - 1, size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            after = node_hash(after, step)
        first, last = first >> 1, last >> 1
    return before == old_root and after == root and last == 0


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed state of the tree; `body` is what the signatures are over."""

    origin: str
    size: int
    root: bytes
    body: bytes
    signatures: tuple[tuple[str, bytes, bytes], ...]
    """(name, 4-byte key hash, the rest)."""


def checkpoint_body(origin: str, size: int, root: bytes) -> bytes:
    """The text that is signed (C2SP tlog-checkpoint)."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()


def key_hash(name: str, algorithm: bytes, public_key: bytes) -> bytes:
    """Four bytes that name a key in a signature line (C2SP signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + algorithm + public_key).digest()[:4]


def signature_line(name: str, key_id: bytes, signature: bytes) -> str:
    """One signature line of a note, with its newline."""
    return f"\u2014 {name} {base64.b64encode(key_id + signature).decode()}\n"


def parse_checkpoint(note: str) -> Checkpoint:
    """Read a signed checkpoint; `ValueError` if it is none."""
    body, gap, tail = note.partition("\n\n")
    lines = body.split("\n")
    if not gap or len(lines) < 3 or not lines[1].isdecimal():
        raise ValueError("not a checkpoint")
    root = base64.b64decode(lines[2], validate=True)
    signatures = []
    for line in tail.splitlines():
        dash, name, coded = line.split(" ")
        blob = base64.b64decode(coded, validate=True)
        if dash != "\u2014" or len(blob) < 5:
            raise ValueError("not a signature line")
        signatures.append((name, blob[:4], blob[4:]))
    return Checkpoint(lines[0], int(lines[1]), root, body.encode() + b"\n", tuple(signatures))


def _largest_power_below(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)


def _node(tiles: Tiles, height: int, number: int) -> bytes:
    """The hash of a whole subtree of 2^height leaves."""
    level, above = divmod(height, TILE_LEVELS)
    width = 1 << above
    tile, offset = divmod(number * width, TILE_WIDTH)
    hashes = split(tiles(level, tile)[offset * HASH_BYTES : (offset + width) * HASH_BYTES])
    if len(hashes) != width:
        raise ValueError("tile too short")
    return whole_root(hashes)
