"""The whole journal as files, for auditors and their own programs: C2SP tlog-tiles with its entries.

Nothing sealed is opened: an entry holds pseudonyms, codes and the hash of what is sealed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection, transaction

from healthspace.audit import rules
from healthspace.audit.reads import tree

LENGTH_BYTES = 2


def export(*, folder: Path, progress: Callable[[int, int], None] = lambda done, of: None) -> int:
    """Write checkpoint, tiles and entries below `folder`; as the worker's role. How many lines."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        size = tree.size()
        _write_tiles(folder, size)
        for number, entries in enumerate(_bundles(size)):
            _write(folder / "tile" / "entries", number, len(entries), b"".join(entries))
            progress(number * rules.TILE_WIDTH + len(entries), size)
        (folder / "checkpoint").write_text(tree.checkpoint())
    return size


def _write_tiles(folder: Path, size: int) -> None:
    level, count = 0, size
    while count:
        for number in range(-(-count // rules.TILE_WIDTH)):
            width = min(rules.TILE_WIDTH, count - number * rules.TILE_WIDTH)
            _write(folder / "tile" / str(level), number, width, tree.tile(level, number, width))
        level, count = level + 1, count // rules.TILE_WIDTH


def _bundles(size: int) -> Iterator[list[bytes]]:
    """Entries in the order of the tree, 256 at a time, each after its length (C2SP tlog-tiles)."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {tree.COLUMNS} FROM audit_event WHERE leaf_index < %s ORDER BY leaf_index", [size])
        while rows := cursor.fetchmany(rules.TILE_WIDTH):
            texts = [rules.entry_text(row[:11], bytes(row[11])) for row in rows]
            yield [len(text).to_bytes(LENGTH_BYTES, "big") + text for text in texts]


def _write(folder: Path, number: int, width: int, content: bytes) -> None:
    """A tile's path: three digits an element, all but the last with an x; partial ones say their width."""
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    name = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    path = folder / (name if width == rules.TILE_WIDTH else f"{name}.p/{width}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
