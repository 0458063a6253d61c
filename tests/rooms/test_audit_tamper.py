"""An administrator bends the journal in every way there is; the whole check finds each."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest

from healthspace.audit import reads as journal
from healthspace.audit import rules, tasks
from healthspace.audit.adapters import signer as signers
from healthspace.vault import actions as vault
from tests.rooms.ledger import Person, connected, database_apart, opened_for, owner_of, person, sealed_by

TABLES = ("audit_event", "audit_tile", "audit_checkpoint", "audit_tree")
LINES = 300


@dataclass(slots=True)
class Ledger:
    """A database with a journal of 300 lines in three checkpoints, and its evil administrator."""

    name: str
    owner: "psycopg.Connection[tuple[object, ...]]"
    people: list[Person]
    witnessed: list[str]

    def check(self, witnessed: list[str] | None = None) -> journal.JournalReport:
        with connected("worker", self.name):
            return journal.verify(unseal_for=opened_for, witnessed=witnessed or [])

    def change(self, statement: str, *values: object) -> int:
        return self.owner.execute(statement, values).rowcount  # type: ignore[arg-type]

    def restore(self) -> None:
        for table in TABLES:
            self.change(f"DELETE FROM {table}")
            self.change(f"INSERT INTO {table} SELECT * FROM kept_{table}")


@pytest.fixture(scope="module")
def whole() -> Iterator[Ledger]:
    with database_apart() as name, owner_of(name) as owner:
        people, witnessed = [person() for _ in range(3)], []
        for number in range(LINES):
            people[number % 3].note(item_id=uuid4(), details={"n": str(number)})
            if number % 100 == 99:
                with connected("worker", name):
                    tasks.sequence_once()
                witnessed.append(journal.checkpoint())
        ledger = Ledger(name, owner, people, witnessed)
        for table in TABLES:
            ledger.change(f"CREATE TABLE kept_{table} AS TABLE {table}")
        yield ledger


@pytest.fixture
def ledger(whole: Ledger) -> Iterator[Ledger]:
    yield whole
    whole.restore()


def test_verify__an_honest_journal_is_whole(ledger: Ledger) -> None:
    seen: list[tuple[int, int]] = []
    with connected("worker", ledger.name):
        report = journal.verify(
            progress=lambda done, of: seen.append((done, of)), unseal_for=opened_for, witnessed=ledger.witnessed
        )
    assert report.is_whole
    assert (report.size, report.lines, report.payloads_opened, report.waiting) == (LINES, LINES, LINES, 0)
    assert seen[-1] == (LINES, LINES)


COLUMNS = {
    "person_id": "%(other)s",
    "id": "gen_random_uuid()",
    "at": "at + interval '1 microsecond'",
    "kind": "'document_listed'",
    "actor_kind": "'holder'",
    "actor_id": "gen_random_uuid()",
    "institution_id": "NULL",
    "item_id": "gen_random_uuid()",
    "outcome": "'refused'",
    "rule": "'ACC-5'",
    "is_hidden_from_representatives": "NOT is_hidden_from_representatives",
    "sealed": "set_byte(sealed, 40, get_byte(sealed, 40) # 1)",
    "payload_hash": "sha256(payload_hash)",
    "leaf_index": "leaf_index + 1",
}


def test_verify__names_every_column_there_is(ledger: Ledger) -> None:
    rows = ledger.owner.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'audit_event'"
    ).fetchall()
    assert {row[0] for row in rows} == set(COLUMNS)


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("index", [0, 137, LINES - 1])
def test_verify__one_edited_column_is_found(ledger: Ledger, column: str, index: int) -> None:
    value = COLUMNS[column].replace("%(other)s", f"'{ledger.people[(index + 1) % 3].id}'")
    assert ledger.change(f"UPDATE audit_event SET {column} = {value} WHERE leaf_index = {index}") == 1
    report = ledger.check()
    assert not report.is_whole
    assert any(finding.index in {index, index + 1} for finding in report.findings)


def test_verify__an_erased_place_is_found(ledger: Ledger) -> None:
    ledger.change("UPDATE audit_event SET leaf_index = NULL WHERE leaf_index = 5")
    assert "missing" in {finding.what for finding in ledger.check().findings}


@pytest.mark.parametrize("index", [0, 137, LINES - 1])
def test_verify__a_deleted_line_is_found(ledger: Ledger, index: int) -> None:
    ledger.change("DELETE FROM audit_event WHERE leaf_index = %s", index)
    report = ledger.check()
    assert [(finding.what, finding.index) for finding in report.findings] == [("missing", index)]


@pytest.mark.parametrize(("index", "what"), [(7, "doubled"), (LINES, "beyond")])
def test_verify__an_inserted_line_is_found(ledger: Ledger, index: int, what: str) -> None:
    ledger.change(
        "INSERT INTO audit_event SELECT (jsonb_populate_record(e, jsonb_build_object("
        "'id', gen_random_uuid(), 'leaf_index', %s::bigint))).* FROM audit_event e WHERE leaf_index = 7",
        index,
    )
    assert what in {finding.what for finding in ledger.check().findings}


def test_verify__other_names_sealed_with_the_persons_own_key_are_found(ledger: Ledger) -> None:
    row = ledger.owner.execute("SELECT person_id, id FROM audit_event WHERE leaf_index = 250").fetchone()
    assert row is not None
    person_id, event_id = row
    assert isinstance(person_id, UUID)
    assert isinstance(event_id, UUID)
    with Person(person_id).here():
        forged = sealed_by(person_id)(b"x" * 32 + rules.canonical({"actor": "Dr Somebody Else"}), event_id)
    ledger.change("UPDATE audit_event SET sealed = %s WHERE leaf_index = 250", forged)
    assert [(finding.what, finding.index) for finding in ledger.check().findings] == [("changed", 250)]


def test_verify__a_false_checkpoint_signed_with_the_key_is_found(ledger: Ledger) -> None:
    root = hashlib.sha256(b"another history").digest()
    ledger.change("UPDATE audit_checkpoint SET root = %s, note = %s WHERE size = 200", root, _signed(200, root))
    assert [(finding.what, finding.index) for finding in ledger.check().findings] == [("checkpoint", 200)]


def test_verify__two_swapped_lines_are_found(ledger: Ledger) -> None:
    ledger.change("UPDATE audit_event SET leaf_index = 17 - leaf_index WHERE leaf_index IN (8, 9)")
    report = ledger.check()
    assert [(finding.what, finding.index) for finding in report.findings] == [("changed", 8), ("changed", 9)]


def test_verify__two_swapped_payloads_are_found(ledger: Ledger) -> None:
    ledger.change(
        "UPDATE audit_event a SET sealed = b.sealed, payload_hash = b.payload_hash FROM audit_event b"
        " WHERE (a.leaf_index, b.leaf_index) IN ((3, 6), (6, 3))"
    )
    assert ledger.check().problems == 2


def test_verify__a_line_left_waiting_is_found(ledger: Ledger) -> None:
    ledger.people[0].note()
    assert ledger.check().is_whole
    ledger.change("UPDATE audit_event SET at = at - interval '2 minutes' WHERE leaf_index IS NULL")
    report = ledger.check()
    assert [finding.what for finding in report.findings] == ["waiting"]
    assert report.waiting == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_tile SET hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1) WHERE (level, number) = (0, 0)",
        "UPDATE audit_tile SET hashes = set_byte(hashes, 4, get_byte(hashes, 4) # 1) WHERE (level, number) = (0, 1)",
        "UPDATE audit_tile SET hashes = set_byte(hashes, 4, get_byte(hashes, 4) # 1) WHERE (level, number) = (1, 0)",
        "UPDATE audit_tile SET hashes = hashes || sha256('') WHERE (level, number) = (0, 1)",
        "DELETE FROM audit_tile WHERE (level, number) = (0, 0)",
        "DELETE FROM audit_tile WHERE level = 1",
        "UPDATE audit_checkpoint SET root = sha256(root) WHERE size = 200",
        "UPDATE audit_checkpoint SET note = replace(note, '200', '201') WHERE size = 200",
        "UPDATE audit_checkpoint SET note = left(note, -10) || 'AAAAAAAA=' || chr(10)",
        "UPDATE audit_checkpoint SET note = ''",
        "DELETE FROM audit_checkpoint WHERE size = 300",
        "DELETE FROM audit_checkpoint",
        "UPDATE audit_tree SET size = 200",
    ],
)
def test_verify__a_bent_tree_is_found(ledger: Ledger, statement: str) -> None:
    assert ledger.change(statement) > 0
    assert not ledger.check().is_whole


def _signed(size: int, root: bytes) -> str:
    """A checkpoint signed with the journal's real key."""
    name = signers.origin()
    body = rules.checkpoint_body(name, size, root)
    key_id = rules.key_hash(name, b"\x01", signers.signer().public_key())
    return body.decode() + "\n" + rules.signature_line(name, key_id, vault.sign(body))


def _rebuild(ledger: Ledger, keep: int) -> None:
    """Write the tail of the whole tree anew, with the real signing key, leaving no trace inside."""
    rows = ledger.owner.execute(
        "SELECT person_id, id, at, kind, actor_kind, actor_id, institution_id, item_id, outcome, rule,"
        " is_hidden_from_representatives, payload_hash FROM audit_event ORDER BY at, id"
    ).fetchall()
    leaves = [rules.leaf_hash(rules.entry_text(row[:11], bytes(row[11]))) for row in rows]
    ledger.change("UPDATE audit_event SET leaf_index = NULL")
    for index, row in enumerate(rows):
        ledger.change("UPDATE audit_event SET leaf_index = %s WHERE id = %s", index, row[1])
    ledger.change("DELETE FROM audit_tile")
    ledger.change("DELETE FROM audit_checkpoint WHERE size > %s", keep)
    growing: dict[int, list[bytes]] = {}
    for (level, number), hashes in rules.append(growing, 0, leaves).items():
        ledger.change("INSERT INTO audit_tile (level, number, hashes) VALUES (%s, %s, %s)", level, number, hashes)
    root = rules.growing_root(growing)
    note = _signed(len(leaves), root)
    ledger.change(
        "INSERT INTO audit_checkpoint (size, root, at, note, cosignatures) VALUES (%s, %s, now(), %s, '')",
        len(leaves), root, note,
    )  # fmt: skip
    ledger.change("UPDATE audit_tree SET size = %s", len(leaves))


BENDS: dict[str, Callable[[Ledger], object]] = {
    "edited": lambda ledger: ledger.change("UPDATE audit_event SET rule = 'ACC-5' WHERE leaf_index = 250"),
    "deleted": lambda ledger: ledger.change("DELETE FROM audit_event WHERE leaf_index = 250"),
    "tail cut": lambda ledger: ledger.change("DELETE FROM audit_event WHERE leaf_index >= 250"),
    "swapped": lambda ledger: ledger.change(
        "UPDATE audit_event a SET at = b.at FROM audit_event b"
        " WHERE (a.leaf_index, b.leaf_index) IN ((250, 260), (260, 250))"
    ),
}


@pytest.mark.parametrize("bend", BENDS)
def test_verify__a_tail_rewritten_with_the_key_is_found_by_a_witness_alone(ledger: Ledger, bend: str) -> None:
    BENDS[bend](ledger)
    _rebuild(ledger, keep=200)
    assert ledger.check().is_whole, "the rewriting must be perfect, or this test proves nothing"
    report = ledger.check(ledger.witnessed)
    assert "witness" in {finding.what for finding in report.findings}


def test_verify__lines_of_a_destroyed_person_are_still_held_by_the_tree(ledger: Ledger) -> None:
    gone = person()
    gone.note()
    with connected("worker", ledger.name):
        tasks.sequence_once()
    with gone.here():
        vault.destroy_key(person_id=gone.id)
    report = ledger.check()
    assert report.is_whole
    assert report.payloads_destroyed == 1
    ledger.change("UPDATE audit_event SET rule = 'X' WHERE person_id = %s", gone.id)
    assert not ledger.check().is_whole


def test_payload_hash__cannot_be_guessed_from_the_names(ledger: Ledger) -> None:
    """Trap 4: without the 32 random bytes the hash says nothing about who or why."""
    amina = ledger.people[0]
    line = amina.lines(limit=1)[0]
    guess = rules.canonical(
        {
            "actor": line.actor_name, "details": dict(line.details), "institution": line.institution_name,
            "mode": line.mode, "profession": line.profession, "reason": line.reason, "software": line.software,
        }
    )  # fmt: skip
    rows = ledger.owner.execute("SELECT payload_hash FROM audit_event").fetchall()
    assert hashlib.sha256(guess).digest() not in {bytes(row[0]) for row in rows}


def test_verify__full_tiles_of_every_level_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """With tiles of 4 hashes, 70 lines fill three levels; as 256 would with 16 million lines."""
    monkeypatch.setattr(rules, "TILE_WIDTH", 4)
    monkeypatch.setattr(rules, "TILE_LEVELS", 2)
    with database_apart() as name, owner_of(name) as owner:
        amina = person()
        for number in range(70):
            amina.note()
            if number % 9 == 0:
                with connected("worker", name):
                    tasks.sequence_once(7)
        with connected("worker", name):
            while tasks.sequence_once(7):
                pass
            assert journal.verify(unseal_for=opened_for).is_whole
        full = owner.execute("SELECT id, level FROM audit_tile WHERE length(hashes) = 128 ORDER BY level").fetchall()
        assert {row[1] for row in full} == {0, 1, 2}
        bend = "UPDATE audit_tile SET hashes = set_byte(hashes, 9, get_byte(hashes, 9) # 1) WHERE id = %s"
        for tile_id, _ in full[:: len(full) // 5]:
            owner.execute(bend, [tile_id])
            with connected("worker", name):
                assert not journal.verify().is_whole
            owner.execute(bend, [tile_id])
