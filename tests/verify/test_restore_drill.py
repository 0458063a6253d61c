"""The restore drill: an older backup brings nobody back (T61), and opens nothing without the key files (T60)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from healthspace.config import env
from healthspace.ops import database, engine, postgres
from tests import live
from tests.ground.test_commands import healthspace


def act(home: Path, *words: str, role: str = "app") -> dict[str, Any]:
    """One act in this folder, its database started for the moment."""
    kept = {name: value for name, value in os.environ.items() if name not in env.BY_NAME and "DJANGO" not in name}
    kept.pop("HEALTHSPACE_TEST_RUN", None)
    given = {
        "HEALTHSPACE_HOME": str(home),
        "HEALTHSPACE_ROLE": role,
        "DJANGO_SETTINGS_MODULE": "healthspace.config.settings.dev",
    }
    with postgres.running(home):
        done = subprocess.run(
            [sys.executable, "-m", "tests.verify.drill", *words],
            env=kept | given, cwd=env.ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def dump(home: Path, file: Path) -> None:
    program = engine.find_engine().folder / "bin" / "pg_dump"
    with postgres.running(home):
        where = ["-h", str(engine.place(home).socket), "-U", "postgres", "-Fc", "-f", str(file), database.NAME]
        subprocess.run([program, *where], check=True)


def test_restore__an_older_backup_brings_nobody_back_and_opens_nothing_without_keys(tmp_path: Path) -> None:
    backup, bodies = tmp_path / "older.dump", tmp_path / "bodies"
    with live.own_folder() as home:
        assert healthspace(home, "migrate").returncode == 0
        made = act(home, "make")
        dump(home, backup)
        shutil.copytree(home / "blobs", bodies)
        act(home, "close", made["amina"])
        assert act(home, "read", made["amina"])["opened"] == 0
        assert act(home, "destroy", role="worker") == {"done": 1}

        shutil.copytree(bodies, home / "blobs", dirs_exist_ok=True)  # the bodies are older too
        told = healthspace(home, "restore", str(backup), "--replace")
        assert told.returncode == 0, told.stderr
        assert "1 destroyed spaces had come back" in told.stdout
        assert act(home, "read", made["amina"]) == {"rows": 0, "opened": 0}
        assert act(home, "read", made["paul"]) == {"rows": 2, "opened": 2}

    with live.own_folder() as thief:  # database and bodies, but no key file
        shutil.copytree(bodies, thief / "blobs")
        assert healthspace(thief, "restore", str(backup), "--without-ledger").returncode == 0
        for person in made.values():
            assert act(thief, "read", person) == {"rows": 2, "opened": 0}
