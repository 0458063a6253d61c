"""The operator's commands: each tells what it did, and one sentence with exit code 2 when it cannot begin."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from healthspace.config import env
from healthspace.ops import database, engine, letterhead, postgres
from tests import live


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A data folder with the tables of this release and the database at rest."""
    with live.own_folder() as folder:
        assert healthspace(folder, "migrate").returncode == 0
        yield folder


def healthspace(home: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if name not in env.BY_NAME and "DJANGO" not in name}
    given = {"HEALTHSPACE_HOME": str(home), "HEALTHSPACE_PORT": str(live.free_port())} | settings
    return subprocess.run(
        [sys.executable, "-m", "healthspace.config.cli", *words],
        env=kept | given, cwd=env.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_help__names_every_command_and_no_word_is_an_error(home: Path) -> None:
    told = healthspace(home, "help")
    assert told.returncode == 0
    for name in ("run", "load", "doctor", "verify-journal", "rotate-root-key", "restore"):
        assert f"  {name} " in told.stdout
    unknown = healthspace(home, "unheard-of")
    assert unknown.returncode == 2
    assert "There is no command 'unheard-of'" in unknown.stderr and not unknown.stdout


def test_doctor__finds_this_machine_fit_and_names_what_is_missing(home: Path) -> None:
    told = healthspace(home, "doctor")
    assert told.returncode == 0, told.stdout
    assert "no virus scanner: set CLAMD_ADDRESS" in told.stdout
    for name in letterhead.NEEDED:
        assert f"{name} is not set" in told.stdout
    assert "HELP_PHONE" not in healthspace(home, "doctor", HELP_PHONE="0 800 123 456").stdout
    down = healthspace(home, "doctor", DATABASE_URL="postgresql://x@127.0.0.1:1/x")
    assert down.returncode == 1
    assert "BAD   The database of DATABASE_URL does not answer" in down.stdout


def test_settings__a_wrong_value_is_one_sentence(home: Path) -> None:
    told = healthspace(home, "doctor", HEALTHSPACE_PORT="many")
    assert told.returncode != 0
    assert "HEALTHSPACE_PORT must be a whole number, not 'many'" in told.stderr
    assert "Traceback" not in told.stderr


def test_verify_journal__of_an_empty_database_is_whole(home: Path) -> None:
    told = healthspace(home, "verify-journal", "--json")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["problems"] == 0
    assert healthspace(home, "verify-journal", "--witnessed", "/nowhere").returncode == 2


def test_rotate_root_key__changes_the_key_file(home: Path) -> None:
    assert healthspace(home, "rotate-root-key", "--continue").returncode == 0
    before = (home / "keys" / "root.key").read_text()
    told = healthspace(home, "rotate-root-key")
    assert told.returncode == 0, told.stderr
    assert (home / "keys" / "root.key").read_text() != before
    retired = healthspace(home, "rotate-root-key", "--retire", json.loads(before)["current"])
    assert retired.returncode == 0, retired.stderr
    assert healthspace(home, "rotate-root-key", "--retire", "never-heard-of").returncode == 2


def test_restore__puts_a_dump_back_and_spares_people(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "healthspace.dump"
    with postgres.running(home):
        with psycopg.connect(database.superuser(home, database.NAME), autocommit=True) as connection:
            connection.execute("CREATE TABLE mark AS SELECT 7 AS n")
        dump = [engine.find_engine().folder / "bin" / "pg_dump", "-h", engine.place(home).socket, "-U", "postgres"]
        subprocess.run([*dump, "-Fc", "-f", file, database.NAME], check=True)
    with live.own_folder() as other:
        told = healthspace(other, "restore", str(file))
        assert told.returncode == 2
        assert "There is no ledger of destructions" in told.stderr
        assert healthspace(other, "restore", str(file), "--without-ledger").returncode == 0
        with postgres.running(other), psycopg.connect(database.superuser(other, database.NAME)) as connection:
            assert connection.execute("SELECT n FROM mark").fetchone() == (7,)
            connection.execute("CREATE TABLE IF NOT EXISTS spaces_space (id int)")
            connection.execute("ALTER TABLE spaces_space RENAME TO before")
            connection.execute("CREATE TABLE spaces_space AS SELECT 1 AS id")
        told = healthspace(other, "restore", str(file), "--without-ledger")
        assert told.returncode == 2
        assert "There are people in this database" in told.stderr
        assert healthspace(other, "restore", str(file), "--replace", "--without-ledger").returncode == 0
        assert healthspace(other, "restore", str(tmp_path / "absent")).returncode == 2
