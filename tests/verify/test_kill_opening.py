"""kill -9 while spaces are opened: afterwards every person is where the law says, with one line in the journal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from healthspace.config import env
from tests.rooms.ledger import database_apart, owner_of

PERSONS, BATCHES, REFUSED_EVERY = 3000, 3, 10
LABELS = ("opening.after_spaces", "opening.before_commit", "opening.after_commit")
# The world in plain SQL, which shares nothing with what is tested.
FILL = (
    "INSERT INTO enrolment_wave (id, name, departments, list_name, starts_on, state, made_at)"
    " VALUES (1, 'all', '[]', '', now(), 'running', now())",
    "INSERT INTO enrolment_batch (id, wave_id, channel, state, letters, persons, sealed_secret, text_version, made_at,"
    " checksum, sent_up_to, sent_at, deadline_at) SELECT b, 1, 'post', 'sent', 1000, 1000, '', '1', now(), '', 1000,"
    " now() - interval '43 days', now() - interval '1 day' FROM generate_series(1, 3) b",
    "CREATE TEMP TABLE crowd AS SELECT gen_random_uuid() AS id, n FROM generate_series(0, 2999) n",
    "INSERT INTO spaces_space (person_id, id, state, deadline_at, identity_status, sealed_identity, is_samu_opposed,"
    " is_break_glass_opposed, is_masked_opposed, language) SELECT id, id, CASE WHEN n % 10 = 0 THEN 'opposed' ELSE"
    " 'informed' END, now() - interval '1 day', 'qualified', '', false, false, false, 'fr' FROM crowd",
    "INSERT INTO enrolment_enrollee (person_id, id, department, birth_year, row_key, born_key, channel, information,"
    " batch_id, place_in_batch, sealed) SELECT id, id, '31', 1980, '', '', 'post', 'sent', 1 + n / 1000, 1 + n % 1000,"
    " '' FROM crowd",
)
BALANCE = (
    "SELECT s.state, count(*), count(e.id), count(DISTINCT e.person_id) FROM spaces_space s LEFT JOIN audit_event e"
    " ON e.person_id = s.person_id AND e.kind = 'space_opened_by_law' GROUP BY s.state ORDER BY s.state"
)


@pytest.fixture
def apart() -> Iterator[str]:
    with database_apart() as name:
        with owner_of(name) as owner:
            for statement in FILL:
                owner.execute(statement)
        yield name


def run(name: str, fault: str = "") -> int:
    told = "import django; django.setup(); from healthspace.ops.commands import open_due; open_due.main(['--json'])"
    done = subprocess.run(
        [sys.executable, "-c", told],
        env=os.environ
        | {
            "HEALTHSPACE_ROLE": "worker",
            "HEALTHSPACE_TEST_DATABASE": name,
            "HEALTHSPACE_FAULT": fault,
            "DJANGO_SETTINGS_MODULE": "healthspace.config.settings.test",
        },
        cwd=env.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode


@pytest.mark.parametrize("label", LABELS)
def test_open_due__killed_and_started_again_balances(apart: str, label: str) -> None:
    assert run(apart, label) == -signal.SIGKILL
    assert run(apart) == 0
    assert run(apart) == 0
    with owner_of(apart) as owner:
        opened = PERSONS - PERSONS // REFUSED_EVERY
        refused = PERSONS // REFUSED_EVERY
        assert owner.execute(BALANCE).fetchall() == [
            ("open_inactive", opened, opened, opened),
            ("opposed", refused, 0, 0),
        ]
        assert owner.execute("SELECT count(*) FROM enrolment_batch WHERE opened_at IS NULL").fetchone() == (0,)
