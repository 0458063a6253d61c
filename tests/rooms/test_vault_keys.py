"""Person keys: wrapped, found only in their person's context, destroyed for good, rotated."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from healthspace.common.errors import Conflict, Refused, Unavailable
from healthspace.vault import actions as vault
from healthspace.vault import reads as keys
from healthspace.vault.rules import CannotUnseal
from tests.rooms.ledger import connected, database_apart, owner_of, person


@pytest.fixture
def apart(settings: Settings, tmp_path: Path) -> Iterator[str]:
    """A database and key files of its own, because rotation touches everyone."""
    settings.ROOT_KEY_FILE = tmp_path / "keys" / "root.key"
    settings.STORE = {"kind": "disk", "folder": str(tmp_path / "blobs")}
    keys.forget_all()
    with database_apart() as name:
        yield name
    keys.forget_all()


def test_create_key__twice_is_a_conflict() -> None:
    amina = person()
    with amina.here(), pytest.raises(Conflict):
        vault.create_key(person_id=amina.id)


def test_sealer__outside_the_persons_context_finds_no_key() -> None:
    amina, paul = person(), person()
    keys.forget_all()
    with paul.here(), pytest.raises(keys.KeyDestroyed):
        keys.sealer(amina.id)


def test_person_key__doors_cannot_read_that_of_another(app_connection: "psycopg.Connection[object]") -> None:
    amina, paul = person(), person()
    with app_connection.transaction():
        app_connection.execute(f"SET LOCAL app.person = '{paul.id}'")
        rows = app_connection.execute("SELECT person_id FROM vault_person_key").fetchall()
    assert rows == [(paul.id,)]
    assert app_connection.execute("SELECT count(*) FROM vault_person_key").fetchone() == (0,)
    for statement in (
        "DELETE FROM vault_person_key",
        "UPDATE vault_person_key SET root_id = 'mine'",
        "UPDATE vault_person_key SET person_id = person_id",
        "TRUNCATE vault_person_key",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), app_connection.transaction():
            app_connection.execute(f"SET LOCAL app.person = '{amina.id}'; {statement}")


def test_destroy_key__nothing_of_the_person_opens_any_more() -> None:
    amina, paul = person(), person()
    item = uuid4()
    with amina.here():
        sealer = keys.sealer(amina.id)
        texts = [sealer.seal(f"title {n}".encode(), item=item, part="card:1") for n in range(20)]
        blobs = [vault.store_blob(person_id=amina.id, item=item, content=b"%d" % n) for n in range(20)]
    with paul.here():
        kept = vault.store_blob(person_id=paul.id, item=item, content=b"of Paul")
    with amina.here():
        vault.destroy_key(person_id=amina.id)
    for blob in blobs:
        with amina.here(), pytest.raises(keys.KeyDestroyed):
            keys.open_blob(person_id=amina.id, item=item, blob=blob)
    for _ in texts:
        with amina.here(), pytest.raises(keys.KeyDestroyed):
            keys.sealer(amina.id)
    with amina.here(), pytest.raises(Conflict):
        vault.create_key(person_id=amina.id)
    with paul.here():
        assert keys.open_blob(person_id=paul.id, item=item, blob=kept) == b"of Paul"


def test_destroy_key__leaves_a_note_and_no_wrapped_key(owner_connection: "psycopg.Connection[object]") -> None:
    amina = person()
    with amina.here():
        vault.destroy_key(person_id=amina.id)
    row = owner_connection.execute(
        "SELECT wrapped, destroyed_at IS NOT NULL FROM vault_person_key WHERE person_id = %s", [amina.id]
    ).fetchone()
    assert row == (None, True)


def test_sealer__another_process_forgets_within_sixty_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    amina = person()
    with amina.here():
        keys.sealer(amina.id)
    monkeypatch.setattr(keys, "forget", lambda _: None)  # as if the destruction happened elsewhere
    with amina.here():
        vault.destroy_key(person_id=amina.id)
        keys.sealer(amina.id)
    later = time.monotonic() + keys.CACHE_SECONDS + 0.1
    monkeypatch.setattr(keys.time, "monotonic", lambda: later)
    with amina.here(), pytest.raises(keys.KeyDestroyed):
        keys.sealer(amina.id)


def test_sealer__a_kept_key_asks_the_database_nothing() -> None:
    amina = person()
    with amina.here():
        kept = keys.sealer(amina.id)
        with CaptureQueriesContext(connection) as asked:
            assert keys.sealer(amina.id) is kept
    assert len(asked) == 0


def test_sealer__keeps_no_more_than_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "CACHE_PERSONS", 3)
    keys.forget_all()
    for fresh in [person() for _ in range(6)]:
        with fresh.here():
            keys.sealer(fresh.id)
        assert len(keys._sealers) <= 3


def test_sealer__many_threads_agree() -> None:
    amina, item = person(), uuid4()
    with amina.here():
        sealed = keys.sealer(amina.id).seal(b"text", item=item, part="card:1")

    def opens(_: int) -> bytes:
        return keys.sealer(amina.id).unseal(sealed, item=item, part="card:1")

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(opens, range(400))) == {b"text"}


def test_find_key__is_keyed_and_tells_purposes_apart() -> None:
    number = "255069999999934"
    assert keys.find_key("ins", number) == keys.find_key("ins", number)
    assert keys.find_key("ins", number) != keys.find_key("email", number)
    assert len(keys.find_key("ins", number)) == 32


def test_rotate_root__rewraps_everyone_and_touches_no_body(apart: str) -> None:
    people, item = [person() for _ in range(12)], uuid4()
    sealed, blobs = {}, {}
    for one in people:
        with one.here():
            sealed[one.id] = keys.sealer(one.id).seal(b"a title", item=item, part="card:1")
            blobs[one.id] = vault.store_blob(person_id=one.id, item=item, content=b"a body")
    with people[0].here():
        vault.destroy_key(person_id=people[0].id)
    bodies = {name: keys.store().get(name) for name in blobs.values()}
    found, old = keys.find_key("ins", "1"), keys.ring().current
    wrapped = _wrapped(apart)
    seen: list[int] = []
    with connected("worker", apart):
        assert vault.rotate_root(progress=seen.append) == 11
        assert seen == [11]
        with pytest.raises(Conflict):
            vault.retire_root(root_id=keys.ring().current)
        vault.retire_root(root_id=old)
    keys.forget_all()
    assert not set(wrapped) & set(_wrapped(apart))
    assert {name: keys.store().get(name) for name in blobs.values()} == bodies
    assert keys.find_key("ins", "1") == found
    assert keys.ring().root_ids == {keys.ring().current}
    for one in people[1:]:
        with one.here():
            assert keys.sealer(one.id).unseal(sealed[one.id], item=item, part="card:1") == b"a title"
            assert keys.open_blob(person_id=one.id, item=item, blob=blobs[one.id]) == b"a body"
    with people[0].here(), pytest.raises(keys.KeyDestroyed):
        keys.sealer(people[0].id)


def test_rotate_root__stopped_half_way_goes_on(apart: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("healthspace.vault.actions.keys.BATCH", 3)
    people = [person() for _ in range(8)]
    old = keys.ring().current

    def stops(done: int) -> None:
        if done >= 3:
            raise KeyboardInterrupt

    with connected("worker", apart):
        with pytest.raises(KeyboardInterrupt):
            vault.rotate_root(progress=stops)
        keys.forget_all()
        with pytest.raises(Conflict):
            vault.retire_root(root_id=old)
    for one in people:
        with one.here():
            keys.sealer(one.id)
    with connected("worker", apart):
        assert vault.rewrap() == 5
        vault.retire_root(root_id=old)
    keys.forget_all()
    for one in people:
        with one.here():
            keys.sealer(one.id)


def test_rotate_root__never_brings_back_a_key_destroyed_meanwhile(apart: str, monkeypatch: pytest.MonkeyPatch) -> None:
    amina, real = person(), keys.key_context
    destroy = "UPDATE vault_person_key SET wrapped = NULL, destroyed_at = now() WHERE person_id = %s"

    def slow(person_id: UUID) -> bytes:
        with owner_of(apart) as owner:
            owner.execute(destroy, [amina.id])
        return real(person_id)

    monkeypatch.setattr(keys, "key_context", slow)
    with connected("worker", apart):
        vault.rotate_root()
    monkeypatch.undo()
    keys.forget_all()
    assert _wrapped(apart) == []
    with amina.here(), pytest.raises(keys.KeyDestroyed):
        keys.sealer(amina.id)


def test_rotate_root__the_doors_may_not(apart: str) -> None:
    person()
    with connected("app", apart):
        assert vault.rotate_root() == 0  # row-level security shows it nobody


def test_wrapped_key__swapped_between_persons_does_not_open(apart: str) -> None:
    amina, paul = person(), person()
    with owner_of(apart) as owner:
        owner.execute(
            "UPDATE vault_person_key SET wrapped = (SELECT wrapped FROM vault_person_key WHERE person_id = %s)"
            " WHERE person_id = %s",
            [amina.id, paul.id],
        )
    keys.forget_all()
    with paul.here(), pytest.raises(Unavailable):
        keys.sealer(paul.id)


def test_sign__journal_key_signs_and_verifies() -> None:
    signature = vault.sign(b"a checkpoint")
    assert keys.verify(signature, b"a checkpoint")
    assert keys.verify(signature, b"a checkpoint", keys.public_key())
    assert not keys.verify(signature, b"another")
    assert not keys.verify(signature, b"a checkpoint", b"\1" * 32)
    assert not keys.verify(b"short", b"a checkpoint")


def test_open_blob__stranger_item_or_absent_is_refused() -> None:
    amina, paul, item = person(), person(), uuid4()
    with amina.here():
        blob = vault.store_blob(person_id=amina.id, item=item, content=b"a body")
    with paul.here(), pytest.raises(CannotUnseal):
        keys.open_blob(person_id=paul.id, item=item, blob=blob)
    with amina.here(), pytest.raises(CannotUnseal):
        keys.open_blob(person_id=amina.id, item=uuid4(), blob=blob)
    with amina.here(), pytest.raises(Refused):
        keys.open_blob(person_id=amina.id, item=item, blob="0" * 40)


def _wrapped(name: str) -> list[bytes]:
    with owner_of(name) as owner:
        rows = owner.execute("SELECT wrapped FROM vault_person_key WHERE wrapped IS NOT NULL").fetchall()
    return [bytes(row[0]) for row in rows]
