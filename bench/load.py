"""The load generator: wrk on the same cores, with scripts of ours."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LUA = Path(__file__).parent / "lua"


@dataclass(frozen=True, slots=True)
class Measure:
    """What one run gave: answers a second, milliseconds, and answers that were errors."""

    rate: float
    p50: float
    p95: float
    p99: float
    slowest: float
    errors: int
    requests: int


def check() -> None:
    """A clear sentence when the generator is missing."""
    if not shutil.which("wrk"):
        raise SystemExit("The load generator wrk is missing. Install it: apt-get install -y wrk")


def read(address: str, paths: Sequence[str], headers: Mapping[str, str], *, clients: int, seconds: float) -> Measure:
    """GET these paths in turn."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(paths) + "\n")
        file.flush()
        told = "".join(f"{name}\t{value}\n" for name, value in headers.items())
        return _run("read.lua", address, clients, seconds, {"BENCH_PATHS": file.name, "BENCH_HEADERS": told})


def file(address: str, bodies: Path, count: int, token: str, *, clients: int, seconds: float) -> Measure:
    """POST these bodies in turn, each as a new document."""
    told = {"BENCH_BODIES": str(bodies), "BENCH_COUNT": str(count), "BENCH_TOKEN": f"Bearer {token}"}
    return _run("file.lua", address, clients, seconds, told)


def _run(script: str, address: str, clients: int, seconds: float, told: Mapping[str, str]) -> Measure:
    done = subprocess.run(
        ["wrk", "-t1", f"-c{clients}", f"-d{seconds:g}s", "--timeout", "10s", "-s", str(LUA / script), address],
        env={**os.environ, **told}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(next(line[4:] for line in done.stdout.splitlines() if line.startswith("JSON")))
    return Measure(
        rate=found["requests"] / found["seconds"], p50=found["p50"], p95=found["p95"], p99=found["p99"],
        slowest=found["max"], errors=found["status"] + found["broken"], requests=found["requests"],
    )  # fmt: skip
