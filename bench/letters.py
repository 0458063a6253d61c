"""Letters for the press and their codes into the table: `python -m bench.letters`, or as a part of `make bench`.

Letters: two processes write batches of one-sheet letters with two QR codes each (the code and the refusal slip),
synced to disk. Codes: two processes issue them through the room's own act as the worker's role; the limit is a
raw COPY of the same rows into the same columns and keys, without row-level security, in the same run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from bench import product
from healthspace.ops import database

LETTERS = int(os.environ.get("BENCH_LETTERS", "20000"))
CODES = int(os.environ.get("BENCH_CODES", "200000"))
PROCESSES = 2
LETTERS_GOAL, CODES_GOAL = 1500.0, 50_000.0
_SHAPE = (
    "CREATE TABLE bench_code (person_id uuid, id uuid, purpose varchar(8), code_key bytea, issued_at timestamptz,"
    " expires_at timestamptz, batch_id bigint, PRIMARY KEY (person_id, id));"
    "CREATE UNIQUE INDEX ON bench_code (person_id, purpose)"
)


def letters() -> dict[str, float]:
    """Letters a second of both processes together, seconds, bytes of a letter and the memory of one process."""
    with tempfile.TemporaryDirectory(prefix="healthspace-letters-") as folder:
        seconds, told = _both("letters", [folder, str(LETTERS)])
        size = sum(path.stat().st_size for path in Path(folder).glob("*.pdf")) / (LETTERS * PROCESSES)
    return {"rate": LETTERS * PROCESSES / seconds, "seconds": seconds, "bytes": size, "memory_mb": _most(told)}


def codes(running: product.Product) -> dict[str, float]:
    """Codes a second into the table, the raw COPY of the same rows, and the memory of one process."""
    raw = _raw(running.home)
    seconds, told = _both("codes", [str(CODES)], HEALTHSPACE_ROLE="worker")
    return {"rate": CODES * PROCESSES / seconds, "raw": raw, "seconds": seconds, "memory_mb": _most(told)}


def _both(act: str, words: list[str], **more: str) -> tuple[float, list[dict[str, Any]]]:
    """Two processes at once, measured from the moment both are ready (imports are not the work)."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.letters", act, str(turn), *words], cwd=product.ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | more,
        )
        for turn in range(PROCESSES)
    ]  # fmt: skip
    for each in started:
        if each.stdout is None or each.stdout.readline() != "ready\n":
            raise SystemExit(f"bench {act}: a process did not start")
    began = time.monotonic()
    for each in started:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    told = [json.loads(each.communicate()[0]) for each in started]
    return time.monotonic() - began, told


def _most(told: list[dict[str, Any]]) -> float:
    return max(float(one["memory_mb"]) for one in told)


def _raw(home: Path) -> float:
    """The same rows by COPY alone, two connections at once, texts made before."""
    script = (
        "import os, sys, uuid, psycopg\n"
        f"rows = ''.join(f'{{uuid.uuid4()}}\\t{{uuid.uuid4()}}\\tanswer\\t\\\\\\\\x{{os.urandom(32).hex()}}\\t2027-02-01\\t2027-03-15\\t1\\n'"
        f" for _ in range({CODES})).encode()\n"
        "link = psycopg.connect(sys.argv[1], autocommit=True)\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "with link.cursor().copy('COPY bench_code FROM STDIN') as copy: copy.write(rows)\n"
    )
    dsn = database.superuser(home, "bench_codes")
    with psycopg.connect(database.superuser(home), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS bench_codes")
        connection.execute("CREATE DATABASE bench_codes")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(_SHAPE)
    started = [
        subprocess.Popen([sys.executable, "-c", script, dsn], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    for each in started:
        assert each.stdout is not None
        each.stdout.readline()
    began = time.monotonic()
    for each in started:
        each.communicate("go\n")
    return CODES * PROCESSES / (time.monotonic() - began)


def _write(turn: int, folder: Path, count: int) -> None:
    """One batch; its letters are made while they are written, as from the table."""
    from healthspace.enrolment.adapters import letter, qr
    from healthspace.enrolment.adapters.letter import Addressee, Letter, Sender
    from healthspace.enrolment.rules import codes as rules
    from healthspace.enrolment.rules import references

    sender = Sender("healthspace", "Caisse nationale", "https://sante.example.fr", ("Libre réponse 1", "75999 PARIS"),
                    phone="0 800 000 000", hours="8 h 30 à 17 h 30")  # fmt: skip
    lines = ("Madame Claire MOREAU", "Résidence des Tilleuls", "128 avenue du Général-de-Gaulle", "31000 TOULOUSE")
    secret = bytes([turn]) * 32

    def each() -> Any:
        for place in range(count):
            reference = references.of(turn, place)
            code = rules.derive(secret, uuid.UUID(int=place))
            one = Addressee("Claire Moreau", code, references.slip(reference, f"{place * 2654435761:016x}"))
            yield Letter(reference, lines, (one,))

    qr.squares(sender.link, rules.SIGNS)
    _wait()
    letter.write_batch(folder / f"{turn}.pdf", each(), at=datetime(2027, 2, 1, 9, tzinfo=UTC), sender=sender)


def _issue(turn: int, count: int) -> None:
    """One process of the worker: its own batch, a secret of its own, portions as the drafting makes them."""
    import django

    django.setup()
    from django.db import transaction

    from healthspace.enrolment.actions import codes as acts

    person_ids = [uuid.uuid4() for _ in range(count)]
    with transaction.atomic():
        acts.issue_all(person_ids[:100], batch_id=900 + turn, secret=bytes(32), at=datetime.now(UTC))
    _wait()
    with transaction.atomic(durable=True):
        done = acts.issue_all(person_ids[100:], batch_id=910 + turn, secret=bytes([turn]) * 32, at=datetime.now(UTC))
    if done != count - 100:
        raise SystemExit(f"bench codes: {done} of {count - 100} were issued")


def _wait() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def _memory_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def main(words: list[str]) -> int:
    """Without words: both parts, told in two lines; else the work of one process."""
    if not words:
        made = letters()
        print(f"letters  {made['rate']:9,.0f} /s   goal {LETTERS_GOAL:7,.0f}   {made['bytes']:,.0f} bytes a letter,"
              f" {made['memory_mb']:.0f} MB a process")  # fmt: skip
        with product.running() as running:
            put = codes(running)
        print(f"codes    {put['rate']:9,.0f} /s   goal {CODES_GOAL:7,.0f}   {put['rate'] / put['raw']:.1%} of raw COPY"
              f" {put['raw']:,.0f}/s, {put['memory_mb']:.0f} MB a process")  # fmt: skip
        return 0 if made["rate"] >= LETTERS_GOAL and put["rate"] >= CODES_GOAL else 1
    if words[0] == "letters":
        _write(int(words[1]), Path(words[2]), int(words[3]))
    else:
        _issue(int(words[1]), int(words[2]))
    print(json.dumps({"memory_mb": _memory_mb()}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
