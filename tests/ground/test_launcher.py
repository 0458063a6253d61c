"""The embedded PostgreSQL: starts, restarts, survives kill -9, lets nobody else in."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from healthspace.ops import database, engine, postgres
from healthspace.ops.faults import CannotRun
from tests import live


@pytest.fixture
def home() -> Iterator[Path]:
    with live.own_folder() as folder:
        yield folder


def rows(home: Path, statement: str, user: str = "postgres", name: str = "postgres") -> list[tuple[Any, ...]]:
    where = engine.place(home)
    with psycopg.connect(host=str(where.socket), user=user, dbname=name, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_start__data_is_checked_durable_and_off_the_network(home: Path) -> None:
    with postgres.running(home):
        wanted = {
            "data_checksums": "on", "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on",
            "listen_addresses": "", "unix_socket_permissions": "0700", "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }  # fmt: skip
        for name, value in wanted.items():
            assert rows(home, f"SHOW {name}") == [(value,)], name
        assert rows(home, "SELECT datcollate, datlocprovider FROM pg_database WHERE datname = 'postgres'")[0][1] == "b"
        assert engine.place(home).socket.stat().st_mode & 0o777 == 0o700


def test_start__a_second_time_finds_what_was_written(home: Path) -> None:
    with postgres.running(home):
        rows(home, "CREATE TABLE kept AS SELECT 7 AS n")
    begun = time.monotonic()
    with postgres.running(home):
        assert rows(home, "SELECT n FROM kept") == [(7,)]
    assert time.monotonic() - begun < 3


def test_start__after_kill_of_everything_loses_nothing_acknowledged(home: Path) -> None:
    process = postgres.start(home)
    rows(home, "CREATE TABLE kept (n int)")
    for number in range(50):
        rows(home, f"INSERT INTO kept VALUES ({number})")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert (engine.place(home).data / "postmaster.pid").exists()
    with postgres.running(home):
        assert rows(home, "SELECT count(*) FROM kept") == [(50,)]


def test_start__after_kill_of_the_launcher_takes_over(home: Path) -> None:
    script = (
        "import pathlib, time; from healthspace.ops import postgres; "
        f"postgres.start(pathlib.Path({str(home)!r})); print(1, flush=True); time.sleep(60)"
    )
    launcher = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert launcher.stdout is not None
    assert launcher.stdout.readline() == b"1\n"
    first = (engine.place(home).data / "postmaster.pid").read_text().splitlines()[0]
    launcher.kill()
    launcher.wait()
    launcher.stdout.close()
    with postgres.running(home):
        second = (engine.place(home).data / "postmaster.pid").read_text().splitlines()[0]
        assert first != second
        assert not psutil.pid_exists(int(first)) or psutil.Process(int(first)).status() == psutil.STATUS_ZOMBIE


def test_start__a_pid_file_that_names_another_program_is_stale(home: Path) -> None:
    with postgres.running(home):
        pass
    path = engine.place(home).data / "postmaster.pid"
    path.write_text(f"{os.getpid()}\n{engine.place(home).data}\n")
    with postgres.running(home):
        assert rows(home, "SELECT 1") == [(1,)]


def test_connect__another_user_of_the_machine_is_refused(home: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("left out: only root can try as another user")
    with postgres.running(home):
        where = engine.place(home)
        outsider = pwd.getpwnam("nobody" if where.service_user != "nobody" else "daemon")
        where.socket.chmod(0o711)  # the folder's lock opened: the peer check alone must hold
        (where.socket / engine.SOCKET_NAME.lstrip("/")).chmod(0o777)
        psql = next(where.folder.glob("engine-*/*/pginstall/bin/psql"))
        for user in postgres.ROLES:
            shown = subprocess.run(
                [psql, "-h", where.socket, "-U", user, "-d", "postgres", "-c", "SELECT 1"],
                user=outsider.pw_uid, group=outsider.pw_gid, extra_groups=[], cwd="/", env={},
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert shown.returncode != 0
            assert "Peer authentication failed" in shown.stderr, shown.stderr


def test_start__an_older_data_folder_is_told_and_left_alone(home: Path) -> None:
    with postgres.running(home):
        pass
    path = engine.place(home).data / "PG_VERSION"
    path.write_text("17\n")
    with pytest.raises(CannotRun, match=r"was made by PostgreSQL 17.*UPGRADE\.md"):
        postgres.start(home)
    assert path.read_text() == "17\n"


def test_start__half_made_data_folder_is_made_anew(home: Path) -> None:
    where = engine.place(home)
    half = where.folder / "data.new"
    half.mkdir(parents=True)
    if where.service_user:
        home.chmod(0o711)
        where.folder.chmod(0o711)
    (half / "PG_VERSION").write_text("18\n")
    with postgres.running(home):
        assert rows(home, "SELECT 1") == [(1,)]


def test_start__a_very_long_folder_name_still_has_a_socket(home: Path) -> None:
    far = home.parent / ("long-" * 20) / "home"
    with postgres.running(far):
        assert rows(far, "SELECT 1") == [(1,)]
        socket = engine.place(far).socket
        assert not socket.is_relative_to(far)
        assert socket.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(socket.parent)


@pytest.mark.parametrize("name", ["it's a folder", "one, two", "été"])
def test_start__any_folder_name_will_do(home: Path, name: str) -> None:
    odd = home.parent / name
    with postgres.running(odd):
        assert rows(odd, "SELECT 1") == [(1,)]
        socket = engine.place(odd).socket
    if not socket.is_relative_to(odd):
        shutil.rmtree(socket.parent)


def test_start__a_folder_name_postgresql_cannot_bear_is_told(home: Path) -> None:
    with pytest.raises(CannotRun, match="PostgreSQL cannot work in a folder named"):
        postgres.start(home.parent / "$(reboot)")


def test_roles__the_doors_own_nothing_and_see_through_nothing(home: Path) -> None:
    with postgres.running(home):
        for _ in range(2):
            database.ensure_embedded(home)
        found = rows(
            home,
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles"
            " WHERE rolname IN ('healthspace_app', 'healthspace_worker')",
        )
        assert sorted(found) == [
            ("healthspace_app", False, False, False),
            ("healthspace_worker", False, False, False),
        ]
        assert rows(home, "SELECT 1", "healthspace_worker", "healthspace") == [(1,)]
