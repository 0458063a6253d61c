"""Opening by law against raw COPY of the same journal lines, and how fast the tree follows; in a database of its own.

`python -m bench.opening [SPACES] [--json]`
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg

from healthspace.ops import database

CONNECTIONS, PER_BATCH, COPIED_AT_ONCE = 2, 50_000, 20_000
SEQUENCED_SECONDS = 8.0
# As the intake and the posting leave them: every row was rewritten once, in its own page.
FILL = (
    "INSERT INTO enrolment_wave (id, name, departments, list_name, starts_on, state, made_at)"
    " VALUES (1, 'all', '[]', '', now(), 'running', now())",
    "INSERT INTO enrolment_batch (id, wave_id, channel, state, letters, persons, sealed_secret, text_version, made_at,"
    " checksum, sent_up_to, sent_at, deadline_at) SELECT b, 1, 'post', 'sent', 0, 0, '', '1', now(), '', 0,"
    " now() - interval '43 days', now() - interval '1 day' FROM generate_series(0, %(last)s) b",
    "CREATE TABLE crowd AS SELECT gen_random_uuid() AS id, n FROM generate_series(0, %(spaces)s - 1) n",
    "INSERT INTO spaces_space (person_id, id, state, identity_status, sealed_identity, is_samu_opposed,"
    " is_break_glass_opposed, is_masked_opposed, language) SELECT id, id, 'not_informed', 'qualified',"
    " decode(repeat('5a', 330), 'hex'), false, false, false, 'fr' FROM crowd",
    "UPDATE spaces_space SET state = 'informed', informed_at = now(), deadline_at = now() - interval '1 day'",
    "INSERT INTO enrolment_enrollee (person_id, id, department, birth_year, row_key, born_key, channel, information,"
    " batch_id, place_in_batch, sealed) SELECT id, id, '31', 1980, '', '', 'post', 'sent', n / %(per)s, 1 + n %% %(per)s,"
    " decode(repeat('5a', 300), 'hex') FROM crowd",
    "CREATE TABLE raw_line (LIKE audit_event INCLUDING DEFAULTS INCLUDING INDEXES)",
    "GRANT ALL ON raw_line, crowd TO healthspace_worker",
    "ANALYZE spaces_space, enrolment_enrollee",
)


def main() -> int:
    """Print the rates, for people or with `--json`."""
    words = [one for one in sys.argv[1:] if one != "--json"]
    rates = measure(int(words[0]) if words else 400_000)
    if "--json" in sys.argv:
        print(json.dumps(rates))
        return 0
    for name, rate in rates.items():
        print(f"{name:<28} {rate:>10,.0f}/s")
    return 0


def measure(spaces: int) -> dict[str, float]:
    """Spaces opened a second with their journal lines, the raw limit of this run, lines put into the tree a second."""
    from healthspace.config import simulate

    with tempfile.TemporaryDirectory(prefix="healthspace-bench-") as folder, simulate._database(Path(folder)):
        from django.conf import settings

        urls = {"owner": "", "app": "", "worker": ""}
        owner = database.conninfo(database.settings_of(settings.HOME, "owner", urls))
        worker = database.conninfo(database.settings_of(settings.HOME, "worker", urls))
        with psycopg.connect(owner, autocommit=True) as connection:
            values = {"spaces": spaces, "per": PER_BATCH, "last": (spaces - 1) // PER_BATCH}
            for statement in FILL:
                connection.execute(statement, values if "%(" in statement else None)
            persons = [row[0] for row in connection.execute("SELECT id::text FROM crowd ORDER BY n")]
        half = len(persons) // CONNECTIONS
        parts = [persons[:half], persons[half:]]
        raw = _timed(lambda part: _copy(worker, part), parts)
        before = _cpu_seconds()
        opened = _timed(lambda _: _open(), [None] * CONNECTIONS)
        cost = (_cpu_seconds() - before) / spaces
        return {
            "opening, with journal lines": spaces / opened,
            "the same if nobody else works": min(os.cpu_count() or 1, CONNECTIONS) / cost,
            "raw COPY of these lines": spaces / raw,
            "lines into the tree": _sequenced(),
        }


def _cpu_seconds() -> float:
    """Processor time of this process and of everything below it, PostgreSQL and its ended servants included."""
    own = psutil.Process()
    times = [one.cpu_times() for one in (own, *own.children(recursive=True)) if one.is_running()]
    return sum(one.user + one.system + one.children_user + one.children_system for one in times)


def _timed(work: object, parts: list[object]) -> float:
    began = time.monotonic()
    with ThreadPoolExecutor(CONNECTIONS) as several:
        list(several.map(work, parts))  # type: ignore[arg-type]
    return time.monotonic() - began


def _copy(worker: str, persons: list[str]) -> None:
    """The same lines, finished, in COPY's text form, committed as often as the opening is."""
    line = "\t2026-11-24 00:00:00+00\tspace_opened_by_law\tsystem\t00000000-0000-0000-0000-000000000000"
    tail = f"{line}\t\\N\t\\N\tdone\tENR-3\tf\t\\\\x\t\\\\x{'5a' * 32}\t\\N\n"
    columns = (
        "person_id, id, at, kind, actor_kind, actor_id, institution_id, item_id, outcome, rule,"
        " is_hidden_from_representatives, sealed, payload_hash, leaf_index"
    )
    with psycopg.connect(worker, autocommit=True) as connection:
        for start in range(0, len(persons), COPIED_AT_ONCE):
            rows = "".join(f"{one}\t{one}{tail}" for one in persons[start : start + COPIED_AT_ONCE])
            with connection.cursor().copy(f"COPY raw_line ({columns}) FROM STDIN") as copy:
                copy.write(rows)


def _open() -> None:
    from django.db import connection

    from healthspace.enrolment.actions import opening

    try:
        opening.open_due()
    finally:
        connection.close()


def _sequenced() -> float:
    from healthspace.audit import actions as audit
    from healthspace.vault import actions as vault

    vault.prepare_keys()
    began, lines = time.monotonic(), 0
    while time.monotonic() - began < SEQUENCED_SECONDS:
        done = audit.sequence(limit=2000, mass_limit=20_000)
        if not done:
            break
        lines += done
    return lines / (time.monotonic() - began)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
