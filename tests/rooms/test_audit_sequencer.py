"""The sequencer: every committed line gets one place, in one tree that never forks."""

import base64
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection

from healthspace.audit import actions as audit
from healthspace.audit import reads as journal
from healthspace.audit import rules, tasks
from healthspace.common.errors import Refused
from healthspace.config import env
from healthspace.vault import reads as keys
from tests.rooms.ledger import connected, database_apart, opened_for, owner_of, person


@pytest.fixture
def apart() -> Iterator[str]:
    with database_apart() as name:
        yield name


def sequence(name: str, limit: int = 1000) -> int:
    with connected("worker", name):
        return tasks.sequence_once(limit)


def places(name: str) -> list[tuple[object, ...]]:
    with owner_of(name) as owner:
        return owner.execute("SELECT leaf_index, id FROM audit_event ORDER BY at, id").fetchall()


def test_sequence_once__gives_every_line_one_place_oldest_first(apart: str) -> None:
    amina, paul = person(), person()
    for _ in range(5):
        amina.note()
        paul.note()
    assert sequence(apart, limit=4) == 4
    assert sequence(apart, limit=4) == 4
    assert sequence(apart, limit=4) == 2
    assert sequence(apart, limit=4) == 0
    assert [row[0] for row in places(apart)] == list(range(10))
    assert journal.size() == 10
    assert [line.leaf_index for line in amina.lines()] == [8, 6, 4, 2, 0]


def test_checkpoint__is_signed_and_is_the_root_of_the_lines(apart: str) -> None:
    amina = person()
    for _ in range(3):
        amina.note()
        sequence(apart)
    note = journal.checkpoint()
    read = rules.parse_checkpoint(note)
    ((name, key_id, signature),) = read.signatures
    assert keys.verify(signature, read.body)
    assert (name, key_id) == (read.origin, rules.key_hash(read.origin, b"\x01", keys.public_key()))
    assert read.size == 3
    proofs = []
    for line in amina.lines():
        with amina.here():
            proof = journal.proof(person_id=amina.id, event_id=line.id)
        assert proof is not None
        assert rules.is_included(proof.leaf, proof.index, proof.size, proof.hashes, read.root)
        assert rules.leaf_hash(proof.text) == proof.leaf
        assert base64.b64encode(read.root).decode() in proof.checkpoint
        proofs.append(proof.leaf)
    assert len(set(proofs)) == 3


def test_proof__of_a_waiting_line_is_none_and_of_a_strangers_refused(apart: str) -> None:
    amina, paul = person(), person()
    event = amina.note()
    with amina.here():
        assert journal.proof(person_id=amina.id, event_id=event) is None
    sequence(apart)
    with paul.here(), pytest.raises(Refused):
        journal.proof(person_id=amina.id, event_id=event)


def test_consistency__between_any_two_checkpoints(apart: str) -> None:
    amina, roots = person(), {0: rules.EMPTY_ROOT}
    for count in (1, 3, 2, 250, 1, 30):
        for _ in range(count):
            amina.note()
        sequence(apart)
        read = rules.parse_checkpoint(journal.checkpoint())
        roots[read.size] = read.root
    sizes = sorted(roots)
    for old in sizes:
        for new in sizes:
            if old <= new:
                assert rules.is_consistent(old, new, journal.consistency(old, new), roots[old], roots[new])
    with pytest.raises(Refused):
        journal.consistency(5, 10_000)
    assert len(journal.tile(0, 0)) == 256 * 32
    assert journal.tile(0, 1, 31) == journal.stored_tile(0, 1)
    assert journal.tile(0, 1, 7) == journal.stored_tile(0, 1)[: 7 * 32]
    for level, number, width in ((0, 1, 256), (0, 9, 1), (5, 0, 1), (0, 0, 0)):
        with pytest.raises(Refused):
            journal.tile(level, number, width)


def test_sequence_once__several_at_once_never_double_a_place(apart: str) -> None:
    amina = person()
    for _ in range(60):
        amina.note()

    def works() -> None:
        with connected("worker", apart):
            for _ in range(30):
                tasks.sequence_once(5)

    threads = [threading.Thread(target=works) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while sequence(apart):
        pass
    assert sorted(row[0] for row in places(apart)) == list(range(60))
    with connected("worker", apart):
        assert journal.verify(unseal_for=opened_for).is_whole


LOOP = """
import os, django
django.setup()
from healthspace.audit import tasks
print("working", flush=True)
while True:
    tasks.sequence_once(3)
"""


def test_sequence_once__killed_again_and_again_leaves_no_fork(apart: str) -> None:
    amina, witnessed = person(), []
    for _ in range(3):
        for _ in range(25):
            amina.note()
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(LOOP)],
            cwd=env.ROOT,
            env=os.environ | {"HEALTHSPACE_ROLE": "worker", "HEALTHSPACE_TEST_DATABASE": apart,
                              "DJANGO_SETTINGS_MODULE": "healthspace.config.settings.test"},
            stdout=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        if note := journal.checkpoint():
            witnessed.append(note)
    while sequence(apart):
        pass
    with connected("worker", apart):
        report = journal.verify(unseal_for=opened_for, witnessed=witnessed)
    assert report.is_whole
    assert report.size == 75


def test_is_behind__only_when_the_sequencer_stands_still(apart: str) -> None:
    amina = person()
    amina.note()
    sequence(apart)
    assert not journal.is_behind(60)
    with owner_of(apart) as owner:
        owner.execute("UPDATE audit_tree SET caught_up_at = now() - interval '16 minutes'")
    assert not journal.is_behind(60)  # the answer is kept for a moment
    assert journal.is_behind(900)
    sequence(apart)
    assert not journal.is_behind(901)
    for _ in range(3):
        amina.note()
    with owner_of(apart) as owner:
        owner.execute("UPDATE audit_tree SET caught_up_at = now() - interval '16 minutes'")
    sequence(apart, limit=1)  # works, but lines still wait
    assert journal.is_behind(902)


def test_sequence_once__the_doors_may_not(apart: str) -> None:
    amina = person()
    amina.note()
    with pytest.raises(Exception, match="permission denied") as caught:
        tasks.sequence_once()
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_sequence_once__a_thousand_lines_take_little_time(apart: str) -> None:
    amina = person()
    with amina.here():
        values = []
        for _ in range(1000):
            statement, row = audit.prepare(
                person_id=amina.id, actor=amina.holder, kind="journal_read", outcome="done", rule="OWN",
                seal=lambda plain, event_id: plain,
            )  # fmt: skip
            values.append(row)
        with connection.cursor() as cursor:
            cursor.executemany(statement, values)
    started = time.perf_counter()
    assert sequence(apart) == 1000
    assert time.perf_counter() - started < 5


def test_instant__is_utc_with_microseconds_always() -> None:
    assert rules.instant(datetime(2026, 11, 24, 8, 0, tzinfo=UTC)) == "2026-11-24T08:00:00.000000Z"
