"""kill -9 while care histories, older records and copies are made: started again, all is there, once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from healthspace.config import env
from healthspace.documents import actions as documents
from healthspace.documents.reads import copies
from tests import people
from tests.factories import orders
from tests.journeys.older import Paper, pack
from tests.journeys.test_care_history import row, write

KILLED = -signal.SIGKILL
COMMAND = "import sys; from healthspace.config import cli; sys.exit(cli.main({words!r}))"
MAKE = (
    "import django; django.setup(); from healthspace.journeys import export_space as e; e.PART_BYTES = 3000\n"
    "while e.make_due(): pass"
)


def run(code: str, fault: str = "") -> int:
    """This code in a process of its own, on this test's database, as the worker."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ
        | {
            "HEALTHSPACE_ROLE": "worker",
            "HEALTHSPACE_TEST_DATABASE": str(settings.DATABASES["default"]["NAME"]),
            "HEALTHSPACE_FAULT": fault,
            "DJANGO_SETTINGS_MODULE": "healthspace.config.settings.test",
            "DATABASE_URL": "",
        },
        cwd=env.ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode in {0, KILLED}, done.stdout + done.stderr
    return done.returncode


def count(owner: psycopg.Connection[Any], sql: str, holder: people.Holder) -> int:
    """One figure about this person, by the owner's own SQL."""
    found = owner.execute(sql, [holder.person_id]).fetchone()
    assert found is not None
    return int(found[0])


LINES = "SELECT coalesce(sum(lines), 0) FROM profile_care_history WHERE person_id = %s"
EVENTS = "SELECT count(*) FROM audit_event WHERE outcome = 'done' AND kind = '{}' AND person_id = %s"
DOCUMENTS = "SELECT count(*) FROM documents_document WHERE person_id = %s"
TIES = "SELECT count(*) FROM access_tie WHERE person_id = %s"
PARTS = "SELECT count(*) - count(DISTINCT number) FROM documents_copy_part WHERE person_id = %s"


@pytest.mark.parametrize("label, kept", [("history.before_commit", 0), ("history.after_commit", 2)])
def test_history__killed_and_started_again(
    tmp_path: Path, owner_connection: psycopg.Connection[Any], label: str, kept: int
) -> None:
    amina = people.amina()
    path = write(tmp_path / "care.csv", [row(amina, 10), row(amina, 20)])
    words = COMMAND.format(words=["history", str(path)])
    assert run(words, label) == KILLED
    assert count(owner_connection, LINES, amina) == kept
    assert run(words) == 0
    assert count(owner_connection, LINES, amina) == 2
    assert count(owner_connection, EVENTS.format("care_history_added"), amina) == 1


@pytest.mark.parametrize("label, kept", [("takeover.after_document", 1), ("takeover.before_note", 3)])
def test_takeover__killed_and_started_again(
    tmp_path: Path, owner_connection: psycopg.Connection[Any], label: str, kept: int
) -> None:
    amina, doctor = people.amina(), people.dr_nguyen()
    papers = [Paper(orders.pdf(), rpps=doctor.rpps) for _number in range(3)]
    authorised = [{"rpps": doctor.rpps, "from": "2026-01-05"}]
    traces = [{"id": "t1", "at": "2024-03-02", "act": "opened", "rpps": doctor.rpps, "name": "Dr Nguyen"}]
    pack(tmp_path, amina.ins.matricule, amina.ins.oid, papers, authorisations=authorised, traces=traces)
    words = COMMAND.format(words=["takeover", str(tmp_path)])
    assert run(words, label) == KILLED
    assert count(owner_connection, DOCUMENTS, amina) == kept
    assert run(words) == 0
    assert run(words) == 0
    assert count(owner_connection, DOCUMENTS, amina) == 3
    assert count(owner_connection, EVENTS.format("document_deposited"), amina) == 3
    assert count(owner_connection, EVENTS.format("older_record_taken"), amina) == 1
    assert count(owner_connection, EVENTS.format("older_trace"), amina) == 1
    assert count(owner_connection, TIES, amina) == 1


def test_export__killed_after_a_part_and_started_again(owner_connection: psycopg.Connection[Any]) -> None:
    amina, hospital = people.amina(), people.rivemont()
    for _number in range(4):
        documents.deposit(actor=hospital.actor, order=orders.order(amina))
    documents.ask_copy(actor=amina.actor, person_id=amina.person_id, language="fr")
    assert run(MAKE, "export.after_part") == KILLED
    assert run(MAKE) == 0
    (card,) = copies.copies(actor=amina.actor, person_id=amina.person_id)
    assert card.state == "ready"
    filed = [one for part in card.parts for one in part.documents]
    assert len(filed) == len(set(filed)) == 4
    assert count(owner_connection, PARTS, amina) == 0
