"""kill -9 while information is drafted, sent, posted and comes back: nobody is told twice, and all adds up."""

from __future__ import annotations

import mailbox
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from healthspace.common import clock
from healthspace.config import env
from healthspace.enrolment.actions import sending, standing
from healthspace.enrolment.models import Wave
from healthspace.enrolment.reads import waves as reads
from tests.factories import enrollees
from tests.factories.enrollees import Enrolled
from tests.factories.mail_server import Sink, sink
from tests.rooms.test_enrolment_bounces import named, report
from tests.rooms.test_enrolment_waves import listed

pytestmark = pytest.mark.usefixtures("as_worker")
ADULTS, CHILDREN = 5, 2
SENDING = ("draft.before_codes", "codes.issued", "draft.before_commit", "draft.after_commit", "sending.after_reserve",
           "sending.after_mail", "sending.before_commit")  # fmt: skip
# Each must give no row once the work is done; in plain SQL, which shares nothing with what is tested.
INVARIANTS = {
    "somebody is still only prepared": (
        "SELECT 1 FROM mine JOIN enrolment_batch b ON b.id = mine.batch_id"
        " WHERE information = 'prepared' AND b.channel = 'mail'"
    ),
    "told without a window, or a window without being told": (
        "SELECT 1 FROM mine WHERE (information = 'sent') <> (state = 'informed')"
    ),
    "a window that is not six weeks on the clock in Paris": (
        "SELECT 1 FROM mine WHERE state = 'informed' AND deadline_at AT TIME ZONE 'Europe/Paris'"
        " <> (informed_at AT TIME ZONE 'Europe/Paris') + interval '42 days'"
    ),
    "not exactly one line in the journal for each telling": (
        "SELECT 1 FROM mine WHERE (state = 'informed')::int <> (SELECT count(*) FROM audit_event e"
        " WHERE e.person_id = mine.person_id AND e.kind = 'space_informed')"
    ),
    "two codes alive, or none for somebody in a batch": (
        "SELECT 1 FROM mine WHERE batch_id IS NOT NULL AND 1 <> (SELECT count(*) FROM enrolment_code c WHERE"
        " c.person_id = mine.person_id AND c.used_at IS NULL AND c.replaced_at IS NULL)"
    ),
    "a code that dies before the window": (
        "SELECT 1 FROM mine JOIN enrolment_code c USING (person_id) WHERE state = 'informed' AND c.used_at IS NULL"
        " AND c.replaced_at IS NULL AND c.expires_at <> deadline_at"
    ),
    "a batch that counts other people than it has": (
        "SELECT 1 FROM enrolment_batch b WHERE b.wave_id = (SELECT wave FROM asked) AND b.state = 'sent' AND b.persons"
        " - (SELECT count(*) FROM enrolment_earlier_place p WHERE p.batch_id = b.id)"
        " <> (SELECT count(*) FROM enrolment_enrollee e WHERE e.batch_id = b.id)"
    ),
}


@pytest.fixture
def server() -> Iterator[Sink]:
    with sink() as kept:
        yield kept


def run(server: Sink, *words: str, fault: str = "") -> int:
    """One command as the operator gives it, in a process of its own."""
    given = {
        "HEALTHSPACE_ROLE": "worker",
        "HEALTHSPACE_TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "HEALTHSPACE_FAULT": fault,
        "DJANGO_SETTINGS_MODULE": "healthspace.config.settings.test",
        "HEALTHSPACE_HOME": str(settings.HOME),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(server.port),
        "BOUNCE_ADDRESS": "bounces@healthspace.example",
    }
    told = (
        "import django, sys; django.setup(); from importlib import import_module;"
        f" sys.exit(import_module('healthspace.ops.commands.{words[0]}').main({list(words[1:])!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], env=os.environ | given, cwd=env.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stdout + done.stderr
    return done.returncode


def send(server: Sink, wave_id: int) -> bool:
    """The mails of a wave, however it stands."""
    with override_settings(
        EMAIL_HOST="127.0.0.1", EMAIL_PORT=server.port, BOUNCE_ADDRESS="bounces@healthspace.example"
    ):
        return sending.send_mails(wave_id).batches == 1


def broken(owner: psycopg.Connection[Any], wave_id: int, people: list[Enrolled]) -> list[str]:
    """The invariants that do not hold."""
    owner.execute("DROP TABLE IF EXISTS mine, asked")
    owner.execute("CREATE TEMP TABLE asked AS SELECT %s::bigint AS wave", [wave_id])
    owner.execute(
        "CREATE TEMP TABLE mine AS SELECT e.*, s.state, s.informed_at, s.deadline_at FROM enrolment_enrollee e"
        " JOIN spaces_space s USING (person_id) WHERE e.person_id = ANY(%s)",
        [[one.person_id for one in people]],
    )
    assert owner.execute("SELECT count(*) FROM mine").fetchone() == (len(people),)
    return [name for name, query in INVARIANTS.items() if owner.execute(query).fetchone()]


def crowd() -> tuple[int, str, list[Enrolled], list[Enrolled]]:
    adults = [enrollees.adult() for _ in range(ADULTS)]
    children = [enrollees.child(adults[0]) for _ in range(CHILDREN)]
    wave_id = listed(*adults)
    return wave_id, Wave.objects.get(id=wave_id).name, adults, [*adults, *children]


@pytest.mark.parametrize("label", SENDING)
def test_inform__killed_and_started_again_tells_nobody_twice(
    server: Sink, owner_connection: psycopg.Connection[Any], label: str
) -> None:
    wave_id, name, adults, everybody = crowd()
    assert run(server, "inform", name, fault=label) == -signal.SIGKILL
    if label.startswith("sending"):
        assert run(server, "inform", name, fault=label) in {0, -signal.SIGKILL}
    assert run(server, "inform", name) == 0
    assert run(server, "inform", name) == 0
    mails = Counter(to for _, to, _ in server.mails)
    assert max(mails.values()) == 1
    assert broken(owner_connection, wave_id, everybody) == []
    rows = {one.person_id: enrollees.row(one.person_id) for one in adults}
    in_doubt = [one for one in adults if rows[one.person_id].channel == "post"]
    told = [one for one in adults if rows[one.person_id].information == "sent"]
    assert len(told) + len(in_doubt) == ADULTS
    assert all(mails[one.identity.email] == 1 for one in told)
    assert len(in_doubt) <= (2 if label.startswith("sending") else 0)


@pytest.mark.parametrize("label", ["sending.after_reserve", "sending.after_mail", "sending.before_commit"])
def test_stop__after_a_kill_everybody_is_told_or_free(
    server: Sink, owner_connection: psycopg.Connection[Any], label: str
) -> None:
    wave_id, name, _, everybody = crowd()
    assert run(server, "inform", name, fault=label) == -signal.SIGKILL
    assert run(server, "wave", "stop", name) == 0
    assert send(server, wave_id)
    standing.free_stopped(wave_id)
    assert len({to for _, to, _ in server.mails}) == len(server.mails)
    left = "SELECT count(*) FROM enrolment_enrollee WHERE person_id = ANY(%s) AND batch_id IS NOT NULL"
    assert owner_connection.execute(left, [[one.person_id for one in everybody]]).fetchone() == (0,)
    assert {card.state for card in reads.batches(wave_id)} <= {"sent", "cancelled"}


@pytest.mark.parametrize("label", ["printing.before_commit", "posted.before_commit", "posted.after_commit"])
def test_posted__killed_and_told_again_adds_up(
    server: Sink, owner_connection: psycopg.Connection[Any], tmp_path: Path, label: str
) -> None:
    people = [enrollees.adult(email="") for _ in range(3)]
    wave_id = listed(*people)
    name = Wave.objects.get(id=wave_id).name
    printing = ["inform", name, "--no-mails", "--letters", str(tmp_path), "--post-on", clock.today().isoformat()]
    if label.startswith("printing"):
        assert run(server, *printing, fault=label) == -signal.SIGKILL
    assert run(server, *printing) == 0
    (batch,) = reads.batches(wave_id)
    if label.startswith("posted"):
        assert run(server, "posted", str(batch.id), fault=label) == -signal.SIGKILL
    assert run(server, "posted", str(batch.id)) == 0
    assert run(server, "posted", str(batch.id)) == 0
    assert broken(owner_connection, wave_id, people) == []
    assert {enrollees.space(one.person_id).state for one in people} == {"informed"}


@pytest.mark.parametrize("label", ["undelivered.before_commit", "bounces.before_remove"])
def test_bounces__killed_and_read_again_adds_up(
    server: Sink, owner_connection: psycopg.Connection[Any], tmp_path: Path, label: str
) -> None:
    wave_id, name, adults, everybody = crowd()
    assert run(server, "inform", name) == 0
    box = mailbox.Maildir(tmp_path / "box", factory=None)
    for one in adults[:2]:
        box.add(report(named(one)))
    read = ["bounces", "--maildir", str(tmp_path / "box")]
    assert run(server, *read, fault=label) == -signal.SIGKILL
    assert run(server, *read) == 0
    assert len(box) == 0
    assert sum(card.bounced for card in reads.batches(wave_id)) == 2
    assert {enrollees.row(one.person_id).channel for one in adults[:2]} == {"post"}
    assert {enrollees.row(one.person_id).information for one in adults[2:]} == {"sent"}
    assert len(everybody) == ADULTS + CHILDREN
    assert owner_connection.execute(
        "SELECT count(*) FROM audit_event WHERE kind = 'information_failed' AND person_id = ANY(%s)",
        [[one.person_id for one in everybody]],
    ).fetchone() == (2 + CHILDREN,)


@pytest.mark.parametrize(
    ("loss", "name"),
    [
        ("UPDATE mine SET information = 'prepared', channel = 'mail'", "somebody is still only prepared"),
        ("UPDATE mine SET state = 'not_informed'", "told without a window, or a window without being told"),
        ("UPDATE mine SET deadline_at = deadline_at - interval '1 hour'",
         "a window that is not six weeks on the clock in Paris"),
    ],
)  # fmt: skip
def test_invariants__find_a_planted_fault(
    server: Sink, owner_connection: psycopg.Connection[Any], loss: str, name: str
) -> None:
    wave_id, wave, _, everybody = crowd()
    run(server, "inform", wave)
    assert broken(owner_connection, wave_id, everybody) == []
    owner_connection.execute(loss)  # type: ignore[call-overload]
    assert owner_connection.execute(INVARIANTS[name]).fetchone()  # type: ignore[call-overload]
