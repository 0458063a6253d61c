"""Taking in reimbursed care against raw COPY of the same sealed rows; in a database of its own.

`python -m bench.history [PERSONS]`
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import psycopg

from bench import intake
from healthspace.common import clock
from healthspace.spaces.rules import TEST_OID

LINES = 12
KINDS = (
    ("care", "Consultation au cabinet", "Dr Linh Nguyen", "Lyon"),
    ("medicine", "Paracétamol 1 000 mg, comprimé", "Pharmacie du Marché", "Villeurbanne"),
    ("biology", "Numération formule sanguine", "Laboratoire des Brotteaux", "Lyon"),
)


def main() -> int:
    """Print what was measured."""
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 60_000), indent=1))
    return 0


def measure(persons: int) -> dict[str, object]:
    """Persons a second with twelve lines each, and the raw limit of this run."""
    from healthspace.config import simulate
    from healthspace.demo import crowd

    with tempfile.TemporaryDirectory(prefix="healthspace-bench-") as folder, simulate._database(Path(folder)):
        register, care = Path(folder) / "register.csv", Path(folder) / "care.csv"
        crowd.registry_file(register, persons=persons, departments=["69"], seed=1)
        intake._taken_in(register)
        known = _care_file(register, care)
        words = [sys.executable, "-m", "healthspace.config.cli", "history", str(care), "--json"]
        before, began = intake._cpu_seconds(), time.monotonic()
        told = subprocess.run(words, check=False, capture_output=True, text=True)
        seconds = time.monotonic() - began
        cost = (intake._cpu_seconds() - before) / known
        kept = json.loads(told.stdout)
        raw = _copied(Path(folder))
    rate = known / seconds
    return {
        "persons": known,
        "kept": kept["changed"],
        "history": round(rate),
        "the same if nobody else works": round(min(os.cpu_count() or 1, 2) / cost),
        "microseconds of processor a person": round(cost * 1e6),
        "raw COPY of these rows": round(raw),
        "of the raw limit": round(rate / raw, 2),
        "nation, hours": round(intake.NATION / rate / 3600, 1),
    }


def _care_file(register: Path, care: Path) -> int:
    """Twelve lines for each person of the register, over the last two years; how many persons."""
    today, known = clock.today(), 0
    with register.open(encoding="utf-8", newline="") as source, care.open("w", encoding="utf-8", newline="") as file:
        head = source.readline()
        rows = csv.DictReader(source, head.strip().split(";"), delimiter=";")
        out = csv.writer(file)
        out.writerow(("ins", "oid", "on", "category", "label", "quantity", "provider", "place", "reference"))
        for number, row in enumerate(rows):
            ins = row["ins"].rpartition(":")[2]
            if not ins or not row["birth_name"]:
                continue
            known += 1
            for line in range(LINES):
                category, label, provider, place = KINDS[(number + line) % len(KINDS)]
                on = today - timedelta(days=1 + line * 50)
                out.writerow((ins, TEST_OID, on, category, label, 1, provider, place, f"{number}-{line}"))
    return known


def _copied(folder: Path) -> float:
    """Persons a second when the same rows are copied, binary, into tables with the same indexes."""
    tables, rows = {"profile_care_history": "true", "audit_event": "kind = 'care_history_added'"}, 0
    with psycopg.connect(intake._owner(), autocommit=True) as connection:
        for table, which in tables.items():
            connection.execute(f"CREATE TABLE raw_{table} (LIKE {table} INCLUDING ALL)")
            with (
                (folder / table).open("wb") as file,
                connection.cursor().copy(
                    f"COPY (SELECT * FROM {table} WHERE {which}) TO STDOUT (FORMAT BINARY)"
                ) as copy,
            ):
                for block in copy:
                    file.write(block)
        began = time.monotonic()
        for table in tables:
            intake._copy(folder, table)
        seconds = time.monotonic() - began
        found = connection.execute("SELECT count(*) FROM profile_care_history").fetchone()
        rows = int(str(found[0])) if found else 0
    return rows / seconds


if __name__ == "__main__":
    raise SystemExit(main())
