"""`healthspace run` as an operator meets it: starts, is watched over, ends; faults are sentences with a way out."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from healthspace.config import env
from healthspace.ops import postgres
from healthspace.ops.engine import place
from tests import live

EMPTY = {"HEALTHSPACE_DEMO": "0"}


def alive(processes: list[psutil.Process]) -> list[str]:
    left = []
    for one in processes:
        try:
            if one.is_running() and one.status() != psutil.STATUS_ZOMBIE:
                left.append(" ".join(one.cmdline()))
        except psutil.Error:  # it just ended
            continue
    return left


def until_gone(processes: list[psutil.Process], seconds: float = 10) -> list[str]:
    end = time.monotonic() + seconds
    while (left := alive(processes)) and time.monotonic() < end:
        time.sleep(0.05)
    return left


def until_ready(address: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            if live.get(f"{address}/health/ready", 2) == 200:
                return
        except OSError:
            pass
        assert time.monotonic() < end, f"{address} does not answer"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def running() -> Iterator[live.Live]:
    with live.product(**EMPTY) as product:
        yield product


@pytest.fixture
def home() -> Iterator[Path]:
    with live.own_folder() as folder:
        yield folder


def refused(home: Path, port: int | None = None, **settings: str) -> str:
    """What the operator reads when it does not start; always exit code 2, quickly."""
    product = live.start(home, port, **EMPTY | settings)
    try:
        assert product.process.wait(30) == 2, product.said()
        assert "Traceback" not in product.said()
        return product.said()
    finally:
        if product.process.poll() is None:
            product.end()
        product.screen.unlink()


@pytest.mark.parametrize(
    "words",
    [("postgres", "-D"), ("granian", "wsgi:"), ("granian", "wsgi_fhir"), ("config.cli", "worker")],
    ids=["database", "web", "fhir", "worker"],
)
def test_kill__of_any_child_is_told_and_mended(running: live.Live, words: tuple[str, ...]) -> None:
    victim = running.child(*words)
    family = [victim, *victim.children(recursive=True)]
    victim.kill()
    assert until_gone(family) == []
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            if running.child(*words).pid != victim.pid:
                break
        except AssertionError:
            time.sleep(0.1)
    assert running.child(*words).pid != victim.pid
    until_ready(running.web)
    until_ready(running.fhir)
    assert "ended by signal SIGKILL; it is started again in" in running.said()


def test_run__a_second_one_with_the_same_folder_is_refused(running: live.Live) -> None:
    said = refused(running.home)
    assert f"already runs with the data folder {running.home} (process {running.process.pid})" in said
    assert "HEALTHSPACE_HOME" in said


def test_run__a_port_in_use_is_told_with_a_way_out(home: Path) -> None:
    port = live.free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 1))
        taken.listen()
        said = refused(home, port)
    assert f"Port {port + 1} for the FHIR door is taken by another program" in said
    assert f"HEALTHSPACE_PORT={port + 100}" in said


def test_run__a_port_that_does_not_exist_is_told(home: Path) -> None:
    assert "There is no port 65536. Choose another with HEALTHSPACE_PORT" in refused(home, 65535)


def test_run__several_live_side_by_side(running: live.Live) -> None:
    with live.product(**EMPTY) as second:
        assert live.get(f"{second.web}/health/ready") == 200
        assert live.get(f"{running.web}/health/ready") == 200


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_end__leaves_no_process_behind(sign: signal.Signals) -> None:
    with live.product(**EMPTY) as product:
        family = product.children()
        assert len(family) >= 6
        assert product.end(sign) == 0
        assert alive(family) == []
        assert "nothing is left running" in product.said()
        assert not (place(product.home).data / "postmaster.pid").exists()


def test_end__while_starting_leaves_no_process_behind(home: Path) -> None:
    product = live.start(home, **EMPTY)
    end = time.monotonic() + 20
    while not product.children() and time.monotonic() < end:
        time.sleep(0.02)
    family = product.children()
    assert product.end() == 0
    assert until_gone(family) == []
    product.screen.unlink()


def test_kill__of_the_supervisor_takes_all_with_it_and_the_next_start_is_ready(home: Path) -> None:
    first = live.start(home, **EMPTY)
    first.wait_until("is ready after")
    family = first.children()
    first.process.kill()
    first.process.wait()
    second = live.start(home, first.port, **EMPTY)
    try:
        second.wait_until("is ready after", 60)
        assert alive(family) == []
    finally:
        second.end()
        for one in (first, second):
            one.screen.unlink()


def test_run__a_second_start_answers_at_both_doors(home: Path) -> None:
    first = live.start(home, **EMPTY)
    first.wait_until("is ready after")
    first.end()
    second = live.start(home, first.port, **EMPTY)
    try:
        until_ready(second.web)
        until_ready(second.fhir)
        second.wait_until("is ready after", 60)
    finally:
        second.end()
        for one in (first, second):
            one.screen.unlink()


def test_run__a_folder_of_a_newer_release_is_refused(home: Path) -> None:
    home.mkdir()
    (home / "layout").write_text("2\n")
    assert "was made by a newer release (layout 2; this one knows 1)" in refused(home)


def test_run__a_folder_of_an_older_layout_is_refused(home: Path) -> None:
    home.mkdir()
    (home / "layout").write_text("0\n")
    assert "UPGRADE.md says how to move it" in refused(home)


def test_run__a_database_of_a_newer_release_is_refused(home: Path) -> None:
    with postgres.running(home):
        pass
    product = live.start(home, **EMPTY)
    product.wait_until("is ready after")
    product.end()
    product.screen.unlink()
    with postgres.running(home):
        where = place(home)
        psql = [next(where.folder.glob("engine-*/*/pginstall/bin/psql")), "-h", where.socket, "-U", "postgres"]
        insert = "INSERT INTO django_migrations (app, name, applied) VALUES ('documents', '9999_later', now())"
        subprocess.run([*psql, "-d", "healthspace", "-c", insert], check=True, capture_output=True)
        subprocess.run([*psql, "-c", "COMMENT ON DATABASE healthspace IS NULL"], check=True, capture_output=True)
    assert "This data was used by a newer release (step documents.9999_later is unknown here)" in refused(home)


def test_run__a_folder_that_cannot_be_written_is_told() -> None:
    said = refused(Path("/dev/null/home"))
    assert "The data folder /dev/null/home cannot be written" in said
    assert "HEALTHSPACE_HOME" in said


def test_run__a_database_that_is_down_is_told(home: Path) -> None:
    said = refused(home, DATABASE_URL=f"postgresql://someone@127.0.0.1:{live.free_port()}/health")
    assert "The database of DATABASE_URL does not answer" in said
    assert "Start it, or correct DATABASE_URL" in said


def test_run__a_full_disk_is_told(home: Path) -> None:
    home.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=60m", "tmpfs", home], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("left out: only where a small disk may be mounted")
    try:
        said = refused(home)
    finally:
        subprocess.run(["umount", home], check=True)
    assert f"The disk of {home} is full" in said


def test_run__an_operators_own_database_serves_the_same_product(home: Path) -> None:
    with postgres.running(home):
        where = place(home)
        admin = f"host={where.socket} user=postgres"
        with psycopg.connect(f"{admin} dbname=postgres", autocommit=True) as connection:
            connection.execute("CREATE ROLE operator LOGIN CREATEROLE")
            connection.execute("CREATE DATABASE health OWNER operator")
            with (where.data / "pg_ident.conf").open("a") as known:
                known.write(f"healthspace {pwd.getpwuid(os.geteuid()).pw_name} operator\n")
            connection.execute("SELECT pg_reload_conf()")
        url = f"postgresql:///health?host={where.socket}&user=operator"
        with live.product(**EMPTY, DATABASE_URL=url) as product:
            assert live.get(f"{product.web}/health/ready") == 200
            assert live.get(f"{product.fhir}/health/ready") == 200
            assert not (product.home / "postgres").exists()
            with psycopg.connect(f"{admin} dbname=health", autocommit=True) as connection:
                owners = connection.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
                assert owners.fetchall() == [("operator",)]


def test_run__an_ordinary_user_can(home: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("left out: every other test of this file already ran as an ordinary user")
    try:
        subprocess.run([sys.executable, env.ROOT / "tests" / "live.py"], user="nobody", cwd="/", check=True)
    except (PermissionError, subprocess.CalledProcessError):
        pytest.skip("left out: another user cannot read the interpreter or the project here")
    home.mkdir(mode=0o700)
    shutil.chown(home, "nobody")
    product = live.start(home, user="nobody", **EMPTY)
    try:
        product.wait_until("is ready after")
        assert {one.username() for one in [psutil.Process(product.process.pid), *product.children()]} == {"nobody"}
        assert live.get(f"{product.web}/health/ready") == 200
    finally:
        assert product.end() == 0
        product.screen.unlink()
