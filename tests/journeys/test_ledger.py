"""The ledger of destructions is lost, cut or older than the database: told before anything opens (T61)."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings as product
from pytest_django import Settings

from healthspace.common.errors import Unavailable
from healthspace.journeys import destroy
from healthspace.ops.commands import replay_ledger
from healthspace.ops.faults import CannotRun
from healthspace.spaces import actions as spaces
from healthspace.vault import actions as vault
from tests import people
from tests.roles import as_the_worker

NOON = datetime(2027, 3, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def ledger(settings: Settings, tmp_path: Path) -> Path:
    settings.DESTRUCTION_LEDGER = tmp_path / "destroyed.ledger"
    return tmp_path / "destroyed.ledger"


@pytest.mark.parametrize("fault", ["lost", "emptied", "cut"])
def test_replay__a_ledger_older_than_the_database_opens_nothing(
    ledger: Path, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    with as_the_worker():
        replay_ledger.main(["--add-missing"])  # whom other tests destroyed under ledgers of their own
        before = ledger.read_bytes() if ledger.exists() else b""
    with time_machine.travel(NOON, tick=False):
        amina = people.amina()
        spaces.close(actor=amina.actor, person_id=amina.person_id, wants_deletion=True)
    with time_machine.travel(NOON + timedelta(days=99), tick=False), as_the_worker():
        destroy.destroy_due(limit=10_000)
        assert replay_ledger.main([]) == 0
        if fault == "lost":
            ledger.unlink()
        else:
            ledger.write_bytes(before if fault == "cut" else b"")
        with pytest.raises(CannotRun, match="older than the database"):
            replay_ledger.main([])
        assert replay_ledger.main(["--add-missing"]) == 0
        assert replay_ledger.main([]) == 0
        assert amina.person_id in {line.person_id for line in vault.destroyed()}
    assert "written down in the ledger again" in capsys.readouterr().out


def test_ledger__a_last_line_that_lost_only_its_end_counts() -> None:
    path = Path(product.DESTRUCTION_LEDGER)
    for count in (1, 3):
        noted = list(vault.destroyed())
        noted += [vault.note_destruction(person_id=uuid4(), event_id=uuid4()) for _ in range(count)]
        os.truncate(path, path.stat().st_size - 1)
        assert list(vault.destroyed()) == noted
        noted.append(vault.note_destruction(person_id=uuid4(), event_id=uuid4()))
        assert list(vault.destroyed()) == noted


def test_ledger__nothing_is_written_after_a_line_that_was_changed() -> None:
    path = Path(product.DESTRUCTION_LEDGER)
    noted = [vault.note_destruction(person_id=uuid4(), event_id=uuid4()) for _ in range(3)]
    path.write_bytes(path.read_bytes().replace(str(noted[2].person_id).encode(), str(uuid4()).encode()))
    changed = path.read_bytes()
    with pytest.raises(Unavailable, match="restore it"):
        vault.note_destruction(person_id=uuid4(), event_id=uuid4())
    assert path.read_bytes() == changed
