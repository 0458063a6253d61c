"""Intake of a register against raw COPY of the same rows, its memory, its size and its plans; in a database of its own.

`python -m bench.intake [PERSONS]`; with ten million it is the proof for a nation, and takes some minutes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg

from bench import product
from healthspace.ops import database

NATION = 68_000_000
TABLES = (
    "spaces_space", "vault_person_key", "enrolment_enrollee", "spaces_identity_index", "enrolment_dependant",
)  # fmt: skip
COPIED_PERSONS = 400_000
# What doors and the other parts of enrolment ask, one person or one batch at a time.
QUERIES = {
    "find a person by number": "SELECT person_id FROM spaces_identity_index WHERE find_key = %(key)s",
    "a space": "SELECT state FROM spaces_space WHERE person_id = %(person)s",
    "a key": "SELECT wrapped FROM vault_person_key WHERE person_id = %(person)s",
    "an enrollee": "SELECT sealed FROM enrolment_enrollee WHERE person_id = %(person)s",
    "children of a parent": "SELECT id FROM enrolment_dependant WHERE person_id = %(person)s",
    "the next of a wave": "SELECT person_id FROM enrolment_enrollee WHERE batch_id IS NULL AND department = '31'"
    " ORDER BY department, birth_year LIMIT 1000",
    "a thousand persons": "SELECT person_id, row_key FROM enrolment_enrollee WHERE person_id = ANY(%(persons)s)",
}


def main() -> int:
    """Print what was measured."""
    told = measure(int(sys.argv[1]) if len(sys.argv) > 1 else COPIED_PERSONS)
    print(json.dumps(told, indent=1))
    return 0


def measure(persons: int) -> dict[str, object]:
    """Persons a second, the raw limit of this run, memory in MB, bytes a person, and plans that read whole tables."""
    from healthspace.config import simulate
    from healthspace.demo import crowd

    with tempfile.TemporaryDirectory(prefix="healthspace-bench-") as folder, simulate._database(Path(folder)):
        path = Path(folder) / "register.csv"
        crowd.registry_file(path, persons=persons, departments=["31", "44", "80"], seed=1)
        before = _cpu_seconds()
        seconds, memory = _taken_in(path)
        cost = (_cpu_seconds() - before) / persons
        again = _taken_again(path) if persons <= COPIED_PERSONS else 0.0
        with psycopg.connect(_owner(), autocommit=True) as connection:
            size = _sizes(connection, persons)
            plans = _plans(connection)
            raw = _copied(connection, Path(folder), min(persons, COPIED_PERSONS))
    rate = persons / seconds
    total = sum(size.values())
    return {
        "persons": persons,
        "intake": round(rate),
        "the same if nobody else works": round(min(os.cpu_count() or 1, 2) / cost),
        "microseconds of processor a person": round(cost * 1e6, 1),
        "raw COPY of these rows": round(raw),
        "of the raw limit": round(rate / raw, 2),
        "delivered again, all known": round(again),
        "memory of the intake, MB": round(memory),
        "bytes a person": size,
        "nation, GB": round(total * NATION / 1e9),
        "nation, minutes": round(NATION / rate / 60),
        "plans that read whole tables": plans,
    }


def _owner() -> str:
    from django.conf import settings

    return database.conninfo(database.settings_of(settings.HOME, "owner", {"owner": "", "app": "", "worker": ""}))


def _taken_in(path: Path) -> tuple[float, float]:
    """Seconds, and the most memory of all its processes together (proportional shares), PostgreSQL apart."""
    began, most = time.monotonic(), 0.0
    words = [sys.executable, "-m", "healthspace.config.cli", "intake", str(path)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        own = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                most = max(most, sum(product._pss(one.pid) for one in (own, *own.children(recursive=True))))
            except (psutil.Error, OSError):
                continue
            time.sleep(0.3)
    if process.returncode:
        raise SystemExit("The intake failed.")
    return time.monotonic() - began, most


def _taken_again(path: Path) -> float:
    """Persons a second when the same people are delivered once more in another file."""
    again = path.with_name("again.csv")
    again.write_bytes(path.read_bytes().replace(b"END;", b"END;0"))
    lines = path.read_bytes().count(b"\n") - 2
    return lines / _taken_in(again)[0]


def _cpu_seconds() -> float:
    own = psutil.Process()
    times = [one.cpu_times() for one in (own, *own.children(recursive=True)) if one.is_running()]
    return sum(one.user + one.system + one.children_user + one.children_system for one in times)


def _sizes(connection: psycopg.Connection[tuple[object, ...]], persons: int) -> dict[str, float]:
    sizes = {}
    for table in TABLES:
        row = connection.execute("SELECT pg_relation_size(%s), pg_indexes_size(%s)", [table, table]).fetchone()
        heap, indexes = row if row else (0, 0)
        sizes[table] = round(heap / persons)
        sizes[f"{table}, indexes"] = round(indexes / persons)
    return sizes


def _plans(connection: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    """The queries whose plan reads a whole table; none should."""
    connection.execute(f"ANALYZE {', '.join(TABLES)}")
    key, person = connection.execute("SELECT find_key, person_id FROM spaces_identity_index LIMIT 1").fetchone() or (
        "",
        "",
    )
    persons = [row[0] for row in connection.execute("SELECT person_id FROM enrolment_enrollee LIMIT 1000")]
    values = {"key": key, "person": person, "persons": persons}
    found = []
    for name, query in QUERIES.items():
        plan = "\n".join(str(row[0]) for row in connection.execute(f"EXPLAIN {query}", values))
        if "Seq Scan" in plan:
            found.append(f"{name}: {plan}")
    return found


def _copied(connection: psycopg.Connection[tuple[object, ...]], folder: Path, persons: int) -> float:
    """Persons a second when the same rows are copied, binary, by two connections into tables with the same indexes."""
    connection.execute(
        f"CREATE TABLE raw_person AS SELECT person_id FROM spaces_space ORDER BY person_id LIMIT {persons}"
    )
    for table in TABLES:
        connection.execute(f"CREATE TABLE raw_{table} (LIKE {table} INCLUDING ALL)")
        with (
            (folder / table).open("wb") as file,
            connection.cursor().copy(
                f"COPY (SELECT t.* FROM {table} t JOIN raw_person USING (person_id)) TO STDOUT (FORMAT BINARY)"
            ) as copy,
        ):
            for block in copy:
                file.write(block)
    began = time.monotonic()
    with ThreadPoolExecutor(2) as several:
        list(several.map(lambda tables: [_copy(folder, table) for table in tables], (TABLES[:2], TABLES[2:])))
    return persons / (time.monotonic() - began)


def _copy(folder: Path, table: str) -> None:
    statement = f"COPY raw_{table} FROM STDIN (FORMAT BINARY)"
    with (
        psycopg.connect(_owner(), autocommit=True) as connection,
        (folder / table).open("rb") as file,
        connection.cursor().copy(statement) as copy,
    ):
        while block := file.read(1 << 20):
            copy.write(block)


if __name__ == "__main__":
    raise SystemExit(main())
