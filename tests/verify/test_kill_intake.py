"""kill -9, a full disk and a lost connection while a register is taken in: afterwards it is whole, and once."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from healthspace.config import env
from healthspace.demo import crowd
from healthspace.ops import database
from healthspace.ops.engine import place
from tests.rooms.ledger import database_apart, owner_of

PERSONS = 28_000
LABELS = (
    "intake.after_begin", "intake.before_commit", "intake.after_commit", "intake.before_linking", "intake.before_end",
)  # fmt: skip
BROKEN_OFF = {2, -signal.SIGKILL}
# Shares nothing with what is tested.
BALANCE = (
    "SELECT (SELECT count(*) FROM spaces_space WHERE state = 'not_informed'), (SELECT count(*) FROM vault_person_key"
    " WHERE wrapped IS NOT NULL), (SELECT count(*) FROM enrolment_enrollee), (SELECT count(DISTINCT line) FROM"
    " enrolment_enrollee), (SELECT count(DISTINCT i.person_id) FROM spaces_identity_index i JOIN spaces_space USING"
    " (person_id) JOIN vault_person_key USING (person_id) JOIN enrolment_enrollee USING (person_id))"
)
CHILDREN = (
    "SELECT count(*) FROM enrolment_enrollee e JOIN enrolment_dependant d ON d.id = e.person_id AND d.person_id ="
    " e.parent_id AND d.is_attachment WHERE e.channel = 'parent'"
)
LEFT_OVER = "SELECT (SELECT count(*) FROM enrolment_intake_part), (SELECT count(*) FROM enrolment_awaited_parent)"


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, crowd.Made]:
    path = tmp_path_factory.mktemp("register") / "register.csv"
    seed = secrets.randbelow(2**40)
    return path, crowd.registry_file(path, persons=PERSONS, departments=["31", "80"], seed=seed, faults=0.002)


@pytest.fixture
def apart() -> Iterator[str]:
    with database_apart() as name:
        yield name


def start(name: str, path: Path, fault: str = "") -> subprocess.Popen[str]:
    told = f"import sys; from healthspace.config import cli; sys.exit(cli.main(['intake', {str(path)!r}]))"
    return subprocess.Popen(
        [sys.executable, "-c", told],
        env=os.environ
        | {
            "HEALTHSPACE_ROLE": "worker",
            "HEALTHSPACE_TEST_DATABASE": name,
            "HEALTHSPACE_FAULT": fault,
            "DJANGO_SETTINGS_MODULE": "healthspace.config.settings.test",
        },
        cwd=env.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(name: str, path: Path, fault: str = "") -> tuple[int, str]:
    process = start(name, path, fault)
    out, error = process.communicate(timeout=120)
    return process.returncode, out + error


def require_whole(name: str, made: crowd.Made) -> None:
    taken = made.lines - made.spoilt
    with owner_of(name) as owner:
        assert owner.execute(BALANCE).fetchone() == (taken,) * 5
        assert owner.execute(LEFT_OVER).fetchone()[0] == 0
        counts, ended = owner.execute("SELECT counts, ended_at IS NOT NULL FROM enrolment_intake").fetchone()
        assert (counts["lines"], counts["new"], counts["refused"], ended) == (made.lines, taken, made.spoilt, True)
        told = owner.execute("SELECT count(DISTINCT line) FROM enrolment_intake_fault").fetchone()[0]
        assert told == made.spoilt
        tied = owner.execute(CHILDREN).fetchone()[0]
        assert made.children - made.spoilt <= tied <= made.children


@pytest.mark.parametrize("label", LABELS)
def test_intake__killed_at_a_place_and_started_again_is_whole(
    apart: str, register: tuple[Path, crowd.Made], label: str
) -> None:
    path, made = register
    code, told = run(apart, path, label)
    assert code in BROKEN_OFF, told
    assert run(apart, path)[0] == 1  # spoilt lines were refused
    require_whole(apart, made)
    assert run(apart, path)[0] == 1
    require_whole(apart, made)


@pytest.mark.parametrize("whom", ["parent", "child", "backend"])
def test_intake__killed_at_any_moment_and_started_again_is_whole(
    apart: str, register: tuple[Path, crowd.Made], whom: str
) -> None:
    path, made = register
    for after in (1.0, 1.6):
        process = start(apart, path)
        time.sleep(after)
        kill(process.pid, whom, apart)
        process.communicate(timeout=120)
    code, told = run(apart, path)
    assert code == 1, told
    require_whole(apart, made)


def kill(pid: int, whom: str, name: str) -> None:
    if not psutil.pid_exists(pid):
        return
    children = psutil.Process(pid).children()
    if whom == "backend":
        # By the superuser: a process that just ended may meanwhile be another's.
        with psycopg.connect(database.superuser(settings.HOME, name), autocommit=True) as superuser:
            superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'healthspace_worker'"
                " AND datname = current_database()"
            )
        return
    for process in [*(children if whom != "parent" else []), *([psutil.Process(pid)] if whom != "child" else [])]:
        process.kill()


def test_intake__two_at_once_take_everybody_once(apart: str, register: tuple[Path, crowd.Made]) -> None:
    path, made = register
    both = [start(apart, path) for _ in range(2)]
    told = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [1, 1], told
    require_whole(apart, made)


@pytest.fixture
def small_disk(apart: str, tmp_path: Path) -> Iterator[Path]:
    """The database on a disk of its own that can fill."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("left out: a full disk, because only root can mount a small one")
    disk = Path("/tmp") / f"healthspace-disk-{secrets.token_hex(6)}"
    disk.mkdir(mode=0o711)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", disk], capture_output=True, check=False)
    if made.returncode:
        disk.rmdir()
        pytest.skip("left out: a full disk, because nothing can be mounted here")
    space, user = f"small_{secrets.token_hex(4)}", place(settings.HOME).service_user
    shutil.chown(disk, user)
    with psycopg.connect(database.superuser(settings.HOME), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(sql.Identifier(space), str(disk)))
        move = sql.SQL("ALTER DATABASE {} SET TABLESPACE {}")
        connection.execute(move.format(sql.Identifier(apart), sql.Identifier(space)))
        yield disk
        connection.execute(move.format(sql.Identifier(apart), sql.Identifier("pg_default")))
        connection.execute(sql.SQL("DROP TABLESPACE {}").format(sql.Identifier(space)))
    subprocess.run(["umount", disk], check=True)
    disk.rmdir()


def test_intake__a_full_disk_is_one_sentence_and_it_goes_on_when_there_is_space(
    apart: str, register: tuple[Path, crowd.Made], small_disk: Path
) -> None:
    path, made = register
    code, told = run(apart, path)
    assert (code, "disk of the database is full" in told) == (2, True), told
    assert "Traceback" not in told
    subprocess.run(["mount", "-o", "remount,size=400m", small_disk], check=True)
    assert run(apart, path)[0] == 1
    require_whole(apart, made)
