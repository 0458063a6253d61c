"""kill -9 while spaces close, reopen and are destroyed: afterwards each is wholly there or wholly gone (T27, T61)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.db import transaction
from pytest_django import Settings

from healthspace.config import env
from healthspace.documents import actions as documents
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces import reads as lives
from healthspace.vault import actions as vault
from healthspace.vault import reads as keys
from tests import people
from tests.factories.orders import order
from tests.rooms.ledger import database_apart, owner_of

DOCUMENTS, CLOSED, KEPT = 2, 3, 1
DESTROYING = ("destroy.marked", "destroy.after_ledger", "destroy.before_commit", "destroy.after_commit")
WORK = {
    "destroy": "destroy.destroy_due()",
    "reopen": "reopen.reopen_asked()",
    "replay": "destroy.replay_ledger()",
    "close": "[close(one) for one in Space.objects.values_list('person_id', flat=True)]",
}
HALF_DONE = {
    "destroyed, yet a key is there": (
        "SELECT s.person_id FROM spaces_space s JOIN vault_person_key k ON k.person_id = s.person_id"
        " WHERE s.state = 'deleted' AND (k.wrapped IS NOT NULL OR k.archived IS NOT NULL OR k.interim IS NOT NULL)"
    ),
    "destroyed, yet a document is there": (
        "SELECT d.id FROM documents_document d JOIN spaces_space s ON s.person_id = d.person_id"
        " WHERE s.state = 'deleted'"
    ),
    "a destroyed key, yet the space is not": (
        "SELECT k.person_id FROM vault_person_key k JOIN spaces_space s ON s.person_id = k.person_id"
        " WHERE k.destroyed_at IS NOT NULL AND s.state <> 'deleted'"
    ),
    "closed, yet its key is not in the archive": (
        "SELECT s.person_id FROM spaces_space s JOIN vault_person_key k ON k.person_id = s.person_id"
        " WHERE s.state IN ('closed', 'deletion_requested') AND k.archived IS NULL"
    ),
    "open, yet its key is in the archive": (
        "SELECT s.person_id FROM spaces_space s JOIN vault_person_key k ON k.person_id = s.person_id"
        " WHERE s.state = 'active' AND k.wrapped IS NULL"
    ),
}


@pytest.fixture
def apart(settings: Settings, tmp_path: Path) -> Iterator[str]:
    """A database, keys, store and ledger of its own."""
    settings.ROOT_KEY_FILE = tmp_path / "home" / "keys" / "root.key"
    settings.ARCHIVE_KEY_FILE = tmp_path / "home" / "keys" / "archive.key"
    settings.DESTRUCTION_LEDGER = tmp_path / "home" / "destroyed.ledger"
    settings.STORE = {"kind": "disk", "folder": str(tmp_path / "home" / "blobs")}
    keys.forget_all()
    with database_apart() as name:
        vault.prepare_archive()
        yield name
    keys.forget_all()


def run(name: str, settings: Settings, work: str, fault: str = "") -> int:
    told = (
        "import sys, django; from django.conf import settings; django.setup();"
        " from healthspace.journeys import destroy, reopen; from healthspace.spaces import actions as spaces;"
        " from healthspace.common.actor import SYSTEM; from healthspace.spaces.models import Space;"
        " close = lambda person: spaces.close(actor=SYSTEM, person_id=person, wants_deletion=True);"
        f" settings.STORE = {{'kind': 'disk', 'folder': {settings.STORE['folder']!r}}}; {WORK[work]}"
    )
    done = subprocess.run(
        [sys.executable, "-c", told],
        env=os.environ
        | {
            "HEALTHSPACE_ROLE": "worker",
            "HEALTHSPACE_TEST_DATABASE": name,
            "HEALTHSPACE_FAULT": fault,
            "ROOT_KEY_FILE": str(settings.ROOT_KEY_FILE),
            "ARCHIVE_KEY_FILE": str(settings.ARCHIVE_KEY_FILE),
            "DESTRUCTION_LEDGER": str(settings.DESTRUCTION_LEDGER),
            "DJANGO_SETTINGS_MODULE": "healthspace.config.settings.test",
        },
        cwd=env.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode


def world() -> tuple[list[people.Holder], people.Holder]:
    """Closed with a deletion that is due, and one who stays."""
    hospital, gone, stays = people.rivemont(), [people.amina() for _ in range(CLOSED)], people.paul()
    for holder in (*gone, stays):
        for _ in range(DOCUMENTS):
            documents.deposit(actor=hospital.actor, order=order(holder))
    for holder in gone:
        spaces.close(actor=holder.actor, person_id=holder.person_id, wants_deletion=True)
    return gone, stays


def ledger(settings: Settings) -> list[UUID]:
    return [UUID(json.loads(line)["person"]) for line in Path(settings.DESTRUCTION_LEDGER).read_text().splitlines()]


@pytest.mark.parametrize("label", DESTROYING)
def test_destroy__killed_and_started_again_is_whole_and_named_once(apart: str, settings: Settings, label: str) -> None:
    gone, stays = world()
    with owner_of(apart) as owner:
        owner.execute("UPDATE spaces_space SET due_at = now() - interval '1 minute' WHERE state = 'deletion_requested'")
    assert run(apart, settings, "destroy", label) == -signal.SIGKILL
    assert run(apart, settings, "destroy") == 0
    assert run(apart, settings, "destroy") == 0
    with owner_of(apart) as owner:
        for fault, query in HALF_DONE.items():
            assert owner.execute(query).fetchall() == [], fault
        states = owner.execute("SELECT state, count(*) FROM spaces_space GROUP BY state ORDER BY state").fetchall()
        assert states == [("active", 1), ("deleted", CLOSED)]
        lines = owner.execute("SELECT count(*) FROM audit_event WHERE kind = 'space_destroyed'").fetchone()
        assert lines == (CLOSED,)
    assert sorted(ledger(settings)) == sorted(holder.person_id for holder in gone)
    assert stays.person_id not in ledger(settings)


def test_replay__after_a_kill_between_ledger_and_deed__destroys(apart: str, settings: Settings) -> None:
    """The backup was taken before the mark: only the ledger knows."""
    gone, _ = world()
    with owner_of(apart) as owner:
        owner.execute("UPDATE spaces_space SET due_at = now() - interval '1 minute' WHERE state = 'deletion_requested'")
    assert run(apart, settings, "destroy", "destroy.after_ledger") == -signal.SIGKILL
    [named] = ledger(settings)
    with owner_of(apart) as owner:
        owner.execute("UPDATE spaces_space SET erasing_at = NULL, due_at = now() + interval '1 day'")
    assert run(apart, settings, "replay", "destroy.before_commit") == -signal.SIGKILL
    assert run(apart, settings, "replay") == 0
    with owner_of(apart) as owner:
        rows = owner.execute("SELECT person_id, state FROM spaces_space").fetchall()
        for fault, query in HALF_DONE.items():
            assert owner.execute(query).fetchall() == [], fault
    assert [person for person, state in rows if state == "deleted"] == [named]
    assert named in {holder.person_id for holder in gone}


def test_reopen__killed_before_the_commit_is_still_asked_and_done_next(apart: str, settings: Settings) -> None:
    gone, _ = world()
    for holder in gone:
        spaces.ask_reopening(actor=holder.actor, person_id=holder.person_id)
    assert run(apart, settings, "reopen", "reopening.before_commit") == -signal.SIGKILL
    with owner_of(apart) as owner:
        for fault, query in HALF_DONE.items():
            assert owner.execute(query).fetchall() == [], fault
    assert run(apart, settings, "reopen") == 0
    with owner_of(apart) as owner:
        assert owner.execute("SELECT DISTINCT state FROM spaces_space").fetchall() == [("active",)]
        for fault, query in HALF_DONE.items():
            assert owner.execute(query).fetchall() == [], fault


def test_close__killed_before_the_commit_is_open_as_before_and_closed_next(apart: str, settings: Settings) -> None:
    holders = [people.amina() for _ in range(2)]
    assert run(apart, settings, "close", "closing.before_commit") == -signal.SIGKILL
    with owner_of(apart) as owner:
        assert owner.execute("SELECT DISTINCT state, due_at FROM spaces_space").fetchall() == [("active", None)]
        assert owner.execute("SELECT count(*) FROM audit_event WHERE kind = 'space_closed'").fetchone() == (0,)
        for fault, query in HALF_DONE.items():
            assert owner.execute(query).fetchall() == [], fault
    assert run(apart, settings, "close") == 0
    with owner_of(apart) as owner:
        states = owner.execute("SELECT state, count(*) FROM spaces_space GROUP BY state").fetchall()
        assert states == [("deletion_requested", len(holders))]
        for fault, query in HALF_DONE.items():
            assert owner.execute(query).fetchall() == [], fault


def test_refused__killed_before_the_commit_is_whole_and_closed_next(apart: str, settings: Settings) -> None:
    """The key is parted, and what a code needs is sealed anew, together or not at all."""
    hospital, amina = people.rivemont(), people.amina()
    documents.deposit(actor=hospital.actor, order=order(amina))
    with owner_of(apart) as owner:
        owner.execute("UPDATE spaces_space SET state = 'opposed', due_at = now() - interval '1 minute'")
    parted = "SELECT wrapped IS NOT NULL, archived IS NOT NULL FROM vault_person_key"
    assert run(apart, settings, "destroy", "refused.before_commit") == -signal.SIGKILL
    with owner_of(apart) as owner:
        assert owner.execute(parted).fetchall() == [(True, False)]
        assert owner.execute("SELECT archive_until FROM spaces_space").fetchall() == [(None,)]
    assert run(apart, settings, "destroy") == 0
    assert run(apart, settings, "destroy") == 0
    with owner_of(apart) as owner:
        assert owner.execute(parted).fetchall() == [(True, True)]
    keys.forget_all()  # as this process would within a minute
    with transaction.atomic():
        set_context(amina.person_id)
        assert lives.identity(amina.person_id) == amina.identity
