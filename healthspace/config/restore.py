"""`healthspace restore FILE`: put a dump into the embedded PostgreSQL, in place of what is there."""

import argparse
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from healthspace.config import env, run
from healthspace.ops import database, engine, supervisor
from healthspace.ops.faults import CannotRun
from healthspace.ops.postgres import running
from healthspace.ops.supervisor import say


def main(arguments: list[str]) -> int:
    """Only while the product is at rest, and only into a database without a person in it unless told otherwise."""
    parser = argparse.ArgumentParser(prog="healthspace restore", description=__doc__)
    parser.add_argument("file", type=Path, help="made by pg_dump -Fc")
    parser.add_argument("--replace", action="store_true", help="even if there are people in the database now")
    parser.add_argument("--without-ledger", action="store_true", help="nobody was destroyed yet, or the ledger is lost")
    asked = parser.parse_args(arguments)
    if env.text("DATABASE_URL"):
        raise CannotRun("DATABASE_URL names your own PostgreSQL. Restore it with its own tools.")
    if not asked.file.is_file():
        raise CannotRun(f"{asked.file} is not there. Give a file made by pg_dump -Fc.")
    home = env.home()
    if not run.ledger(home).exists() and not asked.without_ledger:
        raise CannotRun(
            f"There is no ledger of destructions at {run.ledger(home)}. Put the copy there that was kept with the key "
            "files. If nobody was destroyed yet, or it is lost for good, give --without-ledger: whoever was destroyed "
            "since the dump comes back."
        )
    with supervisor.open_home(home), running(home):
        database.ensure_embedded(home)
        with psycopg.connect(database.superuser(home), autocommit=True) as connection:
            if _has_people(home) and not asked.replace:
                raise CannotRun(
                    "There are people in this database. Choose an empty HEALTHSPACE_HOME, or give --replace."
                )
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(database.NAME)))
        database.ensure_embedded(home)
        _restore(home, asked.file)
        run.step("migrate")
        words = ["--add-missing"] if asked.without_ledger else []
        run.step("replay-ledger", *words)  # who was destroyed since the dump must not come back (T61)
    say(f"{asked.file} is restored. Check it: healthspace verify-journal --open")
    return 0


def _has_people(home: Path) -> bool:
    with psycopg.connect(database.superuser(home, database.NAME)) as connection:
        if connection.execute("SELECT to_regclass('spaces_space')").fetchone() == (None,):
            return False
        return connection.execute("SELECT 1 FROM spaces_space LIMIT 1").fetchone() is not None


def _restore(home: Path, file: Path) -> None:
    program = engine.find_engine().folder / "bin" / "pg_restore"
    target = ["-h", str(engine.place(home).socket), "-U", "postgres", "-d", database.NAME]
    with file.open("rb") as dump:
        done = subprocess.run(
            [program, *target, "--exit-on-error", "--single-transaction"],
            stdin=dump, capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason was given"]
        raise CannotRun(f"The dump could not be restored: {lines[0]}. The database is empty now; try again.")
