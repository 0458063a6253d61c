"""The key of a closed space: no door opens it, the worker gives it back, destruction takes all of it (T27)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings as product
from django.db import transaction
from pytest_django import Settings

from healthspace.common.errors import Conflict, Unavailable
from healthspace.schema.context import set_context
from healthspace.vault import actions as vault
from healthspace.vault import reads as keys
from healthspace.vault.adapters import archive, keyring
from tests.roles import as_the_worker

ITEM = uuid4()


@pytest.fixture(autouse=True)
def _archive() -> None:
    vault.prepare_archive()


@pytest.fixture
def worker(as_worker: None) -> None:
    """This process counts as the worker."""


def made() -> tuple[UUID, bytes]:
    person_id = uuid4()
    with transaction.atomic():
        set_context(person_id)
        vault.create_key(person_id=person_id)
        sealed = keys.sealer(person_id).seal(b"a word", item=ITEM, part="card:1")
    return person_id, sealed


def archived(person_id: UUID) -> None:
    with transaction.atomic():
        set_context(person_id)
        vault.archive_key(person_id=person_id)


def opened(person_id: UUID, sealed: bytes) -> bytes:
    with transaction.atomic():
        set_context(person_id)
        return keys.sealer(person_id).unseal(sealed, item=ITEM, part="card:1")


def test_archive_key__nothing_opens_any_more_at_a_door() -> None:
    person_id, sealed = made()
    assert opened(person_id, sealed) == b"a word"
    archived(person_id)
    with pytest.raises(keys.KeyArchived):
        opened(person_id, sealed)
    with pytest.raises(Unavailable), transaction.atomic():
        set_context(person_id)
        vault.restore_key(person_id=person_id)  # this process is a door


def test_archive_key__all_a_door_holds_opens_nothing(owner_connection: psycopg.Connection[Any]) -> None:
    """Root keys, journal key and the whole row in the hands of a thief of the doors (T27)."""
    person_id, sealed = made()
    archived(person_id)
    row = owner_connection.execute(
        "SELECT wrapped, archived, interim, interim_root_id FROM vault_person_key WHERE person_id = %s", [person_id]
    ).fetchone()
    assert row and row[0] is None and len(row[1]) == 80
    ring = keyring.read_ring(Path(product.ROOT_KEY_FILE))
    for root_id in ring.root_ids:
        with pytest.raises(Unavailable):
            ring.unwrap(root_id, row[1], keys.key_context(person_id))
    interim = ring.unwrap(row[3], row[2], keys.interim_context(person_id))
    with pytest.raises(keys.CannotUnseal):
        keys.Sealer(person_id, interim).unseal(sealed, item=ITEM, part="card:1")


def test_archive_key__lines_of_the_closed_time_open_before_and_after(worker: None) -> None:
    person_id, sealed = made()
    archived(person_id)
    with transaction.atomic():
        set_context(person_id)
        line = keys.journal_sealer(person_id).seal(b"a line", item=ITEM, part="event")
        assert keys.journal_sealer(person_id).unseal(line, item=ITEM, part="event") == b"a line"
        with pytest.raises(keys.CannotUnseal):
            keys.journal_sealer(person_id).unseal(sealed, item=ITEM, part="card:1")
    with transaction.atomic():
        set_context(person_id)
        vault.restore_key(person_id=person_id)
    assert opened(person_id, sealed) == b"a word"
    with transaction.atomic():
        set_context(person_id)
        assert keys.sealer(person_id).unseal(line, item=ITEM, part="event") == b"a line"
    archived(person_id)  # a second closing keeps the key of the first closed time
    with transaction.atomic():
        set_context(person_id)
        assert keys.journal_sealer(person_id).unseal(line, item=ITEM, part="event") == b"a line"


def test_restore_key__a_door_cannot_even_write_it(app_connection: psycopg.Connection[Any]) -> None:
    person_id, _ = made()
    archived(person_id)
    app_connection.execute(f"SET app.person = '{person_id}'")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute("UPDATE vault_person_key SET root_id = 'mine' WHERE person_id = %s", [person_id])


def test_destroy_key__in_the_archive__everything_is_gone(
    owner_connection: psycopg.Connection[Any], worker: None
) -> None:
    person_id, sealed = made()
    archived(person_id)
    with transaction.atomic():
        set_context(person_id)
        vault.destroy_key(person_id=person_id)
    row = owner_connection.execute(
        "SELECT wrapped, archived, interim, destroyed_at IS NOT NULL FROM vault_person_key WHERE person_id = %s",
        [person_id],
    ).fetchone()
    assert row == (None, None, None, True)
    with pytest.raises(keys.KeyDestroyed) as told:
        opened(person_id, sealed)
    assert not isinstance(told.value, keys.KeyArchived)
    with pytest.raises(Conflict), transaction.atomic():
        set_context(person_id)
        vault.restore_key(person_id=person_id)
    with pytest.raises(keys.KeyDestroyed), transaction.atomic():
        set_context(person_id)
        keys.journal_sealer(person_id)


def test_archive_key__without_a_public_half__is_unavailable(settings: Settings, tmp_path: Path) -> None:
    person_id, sealed = made()
    settings.ARCHIVE_KEY_FILE = tmp_path / "none.key"
    with pytest.raises(Unavailable):
        archived(person_id)
    assert opened(person_id, sealed) == b"a word"


def test_archive__another_pair_opens_nothing(settings: Settings, tmp_path: Path) -> None:
    person_id, _ = made()
    archived(person_id)
    settings.ARCHIVE_KEY_FILE = tmp_path / "other.key"
    vault.prepare_archive()
    with as_the_worker(), pytest.raises(Unavailable), transaction.atomic():
        set_context(person_id)
        vault.restore_key(person_id=person_id)


def test_archive__sealed_for_one_person_opens_for_no_other(tmp_path: Path) -> None:
    path = tmp_path / "archive.key"
    archive.make_pair(path)
    archive.make_pair(path)  # twice is once
    name, _ = sealing = archive.public_half(path)
    sealed = archive.seal(sealing, b"k" * 32, b"one")
    assert archive.unseal(path, name, sealed, b"one") == b"k" * 32
    with pytest.raises(Unavailable):
        archive.unseal(path, name, sealed, b"two")
    assert path.stat().st_mode & 0o077 == 0


def test_archive_key__a_door_cannot_put_back_what_it_read_before(app_connection: psycopg.Connection[Any]) -> None:
    """T27: a wrapped key saved before the closing, or out of an older dump, reopens nothing."""
    person_id, sealed = made()
    app_connection.execute("SELECT set_config('app.person', %s, false)", [str(person_id)])
    row = app_connection.execute("SELECT wrapped FROM vault_person_key WHERE person_id = %s", [person_id]).fetchone()
    assert row
    archived(person_id)
    for also in ("", ", archived = NULL"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app_connection.execute(
                f"UPDATE vault_person_key SET wrapped = %s{also} WHERE person_id = %s", [row[0], person_id]
            )
    with as_the_worker(), transaction.atomic():
        set_context(person_id)
        vault.restore_key(person_id=person_id)
    assert opened(person_id, sealed) == b"a word"
