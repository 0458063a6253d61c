"""`healthspace simulate pilot`: an invented pilot from the register to day one, in a database of its own."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from healthspace.config import env
from healthspace.ops import database, postgres
from healthspace.ops.faults import CannotRun
from healthspace.ops.supervisor import say

DESCRIPTION = """Makes an invented register of three departments, takes it in, informs everybody by mail and letter,
notes refusals by web, phone and post, files reimbursed care, opens what was not refused six weeks later, and balances
the totals by statements of its own. All of it in a folder that is removed at the end; nothing leaves the machine."""
# A server for mass work, as an operator would set it; the small one of `healthspace run` would measure the disk.
LARGE = {"shared_buffers": "1GB", "max_wal_size": "8GB", "checkpoint_timeout": "30min", "wal_buffers": "64MB"}


def main(arguments: list[str]) -> int:
    """Simulate and report; exit code 1 when the totals do not balance."""
    parser = argparse.ArgumentParser(prog="healthspace simulate", description=DESCRIPTION)
    parser.add_argument("what", choices=["pilot"])
    parser.add_argument("--persons", type=int, default=100_000, metavar="N", help="the real pilot: 3300000")
    parser.add_argument("--content", type=int, default=10, metavar="PERCENT", help="who has reimbursed care (10)")
    parser.add_argument("--seed", type=int, default=31_44_60, metavar="N", help="another invented register")
    parser.add_argument("--folder", type=Path, help="work here, and leave everything there")
    parser.add_argument("--json", action="store_true", help="the report as one JSON object")
    asked = parser.parse_args(arguments)
    if asked.persons < 100 or not 0 <= asked.content <= 100:
        raise CannotRun("At least 100 persons, and 0 to 100 percent of content.")
    with _folder(asked.folder) as folder, _database(folder):
        from healthspace.demo import pilot

        report = pilot.run(pilot.Plan(asked.persons, asked.content, asked.seed, folder), say=_tell)
    say(json.dumps(report, indent=1, default=str) if asked.json else pilot.as_text(report))
    return 0 if report["is_balanced"] else 1


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        if given.exists() and any(given.iterdir()):
            raise CannotRun(f"{given} is not empty. Name a new folder.")
        given.mkdir(parents=True, exist_ok=True)
        yield given.resolve()
        return
    made = Path(tempfile.mkdtemp(prefix="healthspace-pilot-"))
    try:
        yield made
    finally:
        real = (made / "postgres").resolve()
        shutil.rmtree(made, ignore_errors=True)
        shutil.rmtree(real, ignore_errors=True)


@contextmanager
def _database(folder: Path) -> Iterator[None]:
    """A PostgreSQL of its own with the tables of this release, and Django as the worker's role."""
    for variable in env.BY_NAME:
        os.environ.pop(variable, None)
    os.environ |= {
        "HEALTHSPACE_HOME": str(folder),
        "HEALTHSPACE_ROLE": "worker",
        "ACCEPT_TEST_IDENTITIES": "1",
        "DJANGO_SETTINGS_MODULE": "healthspace.config.settings.dev",
    }
    server = postgres.start(folder, LARGE)
    try:
        database.ensure_embedded(folder)
        words = [sys.executable, "-m", "healthspace.config.cli", "migrate"]
        if subprocess.run(words, env=os.environ | {"HEALTHSPACE_ROLE": "owner"}, check=False).returncode:
            raise CannotRun("The tables could not be made. What went wrong is said above.")
        import django

        django.setup()
        yield
    finally:
        postgres.stop(server)


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201
