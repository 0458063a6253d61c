"""Does every journal line stand as it was written? Streams the whole journal against its tree.

What is found: a line changed, deleted, put in, or moved; a tile or a checkpoint that does not
fit; a line that waits too long. What only a witness finds: a tree rebuilt whole with the signing
key; so give the checkpoints that witnesses hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Literal
from uuid import UUID

from django.db import connection, transaction

from healthspace.audit import models, rules
from healthspace.audit.adapters import signer as signers
from healthspace.audit.ports import UnsealFor
from healthspace.audit.reads import tree
from healthspace.common import clock

What = Literal["changed", "missing", "doubled", "beyond", "waiting", "tile", "checkpoint", "witness"]
FINDINGS_KEPT: Final = 1000
MAY_WAIT_SECONDS: Final = 60
MASS_MAY_WAIT: Final = timedelta(hours=12)
PROGRESS_EVERY: Final = 1000
BATCH: Final = 2000
_SEQUENCED: Final = f"SELECT {tree.COLUMNS}, sealed FROM audit_event WHERE leaf_index IS NOT NULL ORDER BY leaf_index"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where; `index` is the place in the tree."""

    what: What
    index: int | None = None
    person_id: UUID | None = None
    event_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class JournalReport:
    """What a whole check found."""

    size: int
    lines: int
    payloads_opened: int
    payloads_destroyed: int
    waiting: int
    problems: int
    findings: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        """True if nothing is wrong."""
        return self.problems == 0


@dataclass(slots=True)
class _Check:
    size: int
    unseal_for: UnsealFor | None
    problems: int = 0
    lines: int = 0
    opened: int = 0
    destroyed: int = 0
    findings: list[Finding] = field(default_factory=list)
    held_number: int = -1
    held_tile: bytes = b""

    def found(self, finding: Finding) -> None:
        self.problems += 1
        if len(self.findings) < FINDINGS_KEPT:
            self.findings.append(finding)

    def leaf(self, index: int) -> bytes:
        number, offset = divmod(index, rules.TILE_WIDTH)
        if number != self.held_number:
            self.held_number, self.held_tile = number, tree.stored_tile(0, number)
        return self.held_tile[offset * rules.HASH_BYTES : (offset + 1) * rules.HASH_BYTES]


def verify(
    *,
    progress: Callable[[int, int], None] = lambda done, of: None,
    unseal_for: UnsealFor | None = None,
    witnessed: Sequence[str] = (),
) -> JournalReport:
    """Check everything, as the worker's role (it reads across persons), on one snapshot.

    `unseal_for` also opens what is sealed; `witnessed` are checkpoints that others kept.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        check = _Check(tree.size(), unseal_for)
        if models.Tree.objects.values_list("size", flat=True).first() != check.size:
            check.found(Finding("checkpoint", check.size))
        _check_lines(check, progress)
        _check_tree(check, witnessed)
        waiting = _check_waiting(check)
    return JournalReport(
        check.size,
        check.lines,
        check.opened,
        check.destroyed,
        waiting,
        check.problems,
        tuple(check.findings),
    )


def _check_lines(check: _Check, progress: Callable[[int, int], None]) -> None:
    expected = 0
    for row in _stream(_SEQUENCED):
        check.lines += 1
        index = row[12]
        while expected < min(index, check.size):
            check.found(Finding("missing", expected))
            expected += 1
        if index >= check.size:
            check.found(Finding("beyond", index, row[0], row[1]))
        elif index < expected:
            check.found(Finding("doubled", index, row[0], row[1]))
        else:
            expected = index + 1
            if not _is_line_whole(check, row):
                check.found(Finding("changed", index, row[0], row[1]))
        if check.lines % PROGRESS_EVERY == 0:
            progress(check.lines, check.size)
    for index in range(expected, check.size):
        check.found(Finding("missing", index))
    progress(check.lines, check.size)


def _is_line_whole(check: _Check, row: tuple[Any, ...]) -> bool:
    payload_hash = bytes(row[11])
    if rules.leaf_hash(rules.entry_text(row[:11], payload_hash)) != check.leaf(row[12]):
        return False
    if not row[13]:
        return _is_common_whole(row[3], payload_hash)
    if check.unseal_for is None:
        return True
    unseal = check.unseal_for(row[0])
    if unseal is None:
        check.destroyed += 1
        return True
    try:
        payload = unseal(bytes(row[13]), row[1])
    except ValueError:
        return False
    check.opened += 1
    return hashlib.sha256(payload).digest() == payload_hash


def _is_common_whole(kind: str, payload_hash: bytes) -> bool:
    """A line of a mass act says what its kind says; any other line with nothing sealed was emptied."""
    try:
        return hashlib.sha256(rules.common_payload(kind)).digest() == payload_hash
    except ValueError:
        return False


def _check_tree(check: _Check, witnessed: Sequence[str]) -> None:
    """Build the tree again from its leaves; compare tiles, every checkpoint, and witnesses'."""
    expected = _signed_roots(check)
    theirs = _witnessed_roots(check, witnessed)
    sizes = sorted(expected.keys() | theirs.keys())
    growing: dict[int, list[bytes]] = {}
    done, tiles = 0, _Tiles(check)
    for size in sizes:
        if size > check.size:
            check.found(Finding("witness", size))
            continue
        done = tiles.grow(growing, done, size)
        root = rules.growing_root(growing)
        if expected.get(size, root) != root:
            check.found(Finding("checkpoint", size))
        if theirs.get(size, root) != root:
            check.found(Finding("witness", size))
    tiles.compare_rest(growing, done)


@dataclass(slots=True)
class _Tiles:
    check: _Check

    def grow(self, growing: dict[int, list[bytes]], done: int, size: int) -> int:
        """Add the leaves from `done` to `size`; every tile filled on the way must be as stored."""
        while done < size:
            step = min(size, (done // rules.TILE_WIDTH + 1) * rules.TILE_WIDTH)
            leaves = [self.check.leaf(index) for index in range(done, step)]
            for (level, number), hashes in rules.append(growing, done, leaves).items():
                is_full = len(hashes) == rules.TILE_WIDTH * rules.HASH_BYTES
                if level and is_full and tree.stored_tile(level, number) != hashes:
                    self.check.found(Finding("tile", number))
            done = step
        return done

    def compare_rest(self, growing: dict[int, list[bytes]], size: int) -> None:
        """The tiles that still grow must be as stored, and no longer."""
        for level, number, _ in rules.growing_tiles(size):
            if tree.stored_tile(level, number) != b"".join(growing[level]):
                self.check.found(Finding("tile", number))


def _signed_roots(check: _Check) -> dict[int, bytes]:
    """Size to root of our own checkpoints; those with a wrong signature are findings."""
    roots: dict[int, bytes] = {}
    stored = models.Checkpoint.objects.order_by("size").values_list("size", "root", "note")
    for size, root, note in stored.iterator(BATCH):
        roots[size] = bytes(root)
        if not _is_ours(note, size, bytes(root)):
            check.found(Finding("checkpoint", size))
    return roots


def _is_ours(note: str, size: int, root: bytes) -> bool:
    signer, name = signers.signer(), signers.origin()
    key_id = rules.key_hash(name, b"\x01", signer.public_key())
    try:
        read = rules.parse_checkpoint(note)
    except ValueError:
        return False
    if (read.origin, read.size, read.root) != (name, size, root):
        return False
    return any(
        (owner, key) == (name, key_id) and signer.verify(signature, read.body)
        for owner, key, signature in read.signatures
    )


def _witnessed_roots(check: _Check, witnessed: Sequence[str]) -> dict[int, bytes]:
    roots: dict[int, bytes] = {}
    for note in witnessed:
        read = rules.parse_checkpoint(note)
        if roots.setdefault(read.size, read.root) != read.root:
            check.found(Finding("witness", read.size))
    return roots


def _check_waiting(check: _Check) -> int:
    border = clock.now() - timedelta(seconds=MAY_WAIT_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE at < CASE WHEN sealed = '\\x' THEN %s ELSE %s END)"
            " FROM audit_event WHERE leaf_index IS NULL",
            [clock.now() - MASS_MAY_WAIT, border],
        )
        waiting, late = cursor.fetchone() or (0, 0)
    for _ in range(late):
        check.found(Finding("waiting"))
    return int(waiting)


def _stream(statement: str) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(BATCH):
            yield from rows
