"""Lines of mass acts: the same for everybody, nothing sealed, in the same tree, and never before acts of today."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from healthspace.audit import actions as audit
from healthspace.audit import reads as journal
from healthspace.audit import rules, tasks
from healthspace.common import clock
from tests.rooms.ledger import Person, connected, database_apart, opened_for, owner_of, person
from tests.verify import journal as independent

KIND = "space_opened_by_law"


@pytest.fixture
def apart() -> Iterator[str]:
    with database_apart() as name:
        yield name


def tell_all(name: str, persons: list[Person]) -> int:
    with connected("worker", name):
        return audit.record_all([one.id for one in persons], kind=KIND, at=clock.now())


def verified(name: str, *, is_opened: bool = True) -> journal.JournalReport:
    with connected("worker", name):
        return journal.verify(unseal_for=opened_for if is_opened else None)


def test_record_all__each_holder_reads_the_line_and_the_journal_is_whole(apart: str) -> None:
    amina, paul = person(), person()
    amina.note()
    assert tell_all(apart, [amina, paul]) == 2
    with connected("worker", apart):
        assert tasks.sequence_once() == 3
    (line,) = paul.lines()
    assert (line.kind, line.actor_kind, line.actor_name, line.details) == (KIND, "system", "healthspace", {})
    assert line.sentence
    assert line.leaf_index is not None
    assert len(amina.lines()) == 2
    assert verified(apart).is_whole


def test_record_all__told_twice_at_one_instant_is_one_line(apart: str) -> None:
    amina, at = person(), clock.now()
    with connected("worker", apart):
        assert audit.record_all([amina.id], kind=KIND, at=at) == 1
        assert audit.record_all([amina.id], kind=KIND, at=at) == 0


def test_record_all__of_a_kind_that_is_sealed_is_an_error(apart: str) -> None:
    with connected("worker", apart), pytest.raises(ValueError, match="sealed"):
        audit.record_all([person().id], kind="document_opened", at=clock.now())


def test_proof__of_such_a_line_holds_for_whoever_makes_its_payload_again(apart: str) -> None:
    amina = person()
    tell_all(apart, [amina])
    with connected("worker", apart):
        tasks.sequence_once()
    (line,) = amina.lines()
    with amina.here():
        proof = journal.proof(person_id=amina.id, event_id=line.id)
    assert proof is not None
    assert rules.is_included(
        proof.leaf, proof.index, proof.size, proof.hashes, rules.parse_checkpoint(proof.checkpoint).root
    )
    payload = bytes(32) + (
        b'{"actor":"healthspace","details":{},"institution":"","mode":"normal","profession":"","reason":"","software":""}'
    )
    assert independent.json.loads(proof.text)["payload"] == hashlib.sha256(payload).hexdigest()


def test_sequence_once__takes_acts_before_mass_lines_and_counts_as_caught_up_without_them(apart: str) -> None:
    persons = [person() for _ in range(5)]
    tell_all(apart, persons)
    persons[0].note()
    with connected("worker", apart):
        assert tasks.sequence_once(1) == 1
    assert [line.kind for line in persons[0].lines() if line.leaf_index == 0] != [KIND]
    with owner_of(apart) as owner:
        owner.execute("UPDATE audit_tree SET caught_up_at = now() - interval '1 hour'")
    with connected("worker", apart):
        assert tasks.sequence_once(2, 3) == 3
    with owner_of(apart) as owner:
        assert owner.execute("SELECT caught_up_at > now() - interval '1 minute' FROM audit_tree").fetchone() == (True,)
        assert owner.execute("SELECT count(*) FROM audit_event WHERE leaf_index IS NULL").fetchone() == (2,)


@pytest.mark.parametrize("is_opened", [True, False])
def test_verify__finds_a_line_that_somebody_emptied(apart: str, *, is_opened: bool) -> None:
    amina = person()
    amina.note()
    tell_all(apart, [amina])
    with connected("worker", apart):
        tasks.sequence_once()
    assert verified(apart, is_opened=is_opened).is_whole
    with owner_of(apart) as owner:
        owner.execute("UPDATE audit_event SET sealed = '\\x' WHERE kind <> %s", [KIND])
    assert [one.what for one in verified(apart, is_opened=is_opened).findings] == ["changed"]
