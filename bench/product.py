"""The product as an operator starts it, on free ports in a folder of its own; and what it weighs."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]


@dataclass(slots=True)
class Product:
    """One running product."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def fhir(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    def processes(self) -> list[psutil.Process]:
        """The supervisor and everything below it."""
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    def resident_mb(self) -> dict[str, float]:
        """Proportional share of memory (PSS) by kind of process, in MB, shared pages counted once."""
        found: dict[str, float] = {}
        for process in self.processes():
            try:
                kind, pss = _kind(process), _pss(process.pid)
            except (psutil.NoSuchProcess, FileNotFoundError):
                continue
            found[kind] = found.get(kind, 0.0) + pss
        return {**dict(sorted(found.items())), "all": sum(found.values())}

    def cpu_seconds(self) -> dict[str, float]:
        """Processor time used so far by kind of process: tells the cost even on a busy machine."""
        found: dict[str, float] = {}
        for process in self.processes():
            try:
                kind, times = _kind(process), process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            found[kind] = found.get(kind, 0.0) + times.user + times.system
        return found


def _kind(process: psutil.Process) -> str:
    line = " ".join(process.cmdline()) or process.name()
    for word, kind in (
        ("wsgi_fhir", "fhir door"), ("wsgi:", "web door"), ("worker", "worker"), ("postgres", "postgresql"),
        ("healthspace.ops.mail", "mail server"), ("zygote", "inspector"), ("cli run", "supervisor"),
    ):  # fmt: skip
        if word in line:
            return kind
    parent = process.parent()
    return _kind(parent) if parent is not None else "other"


def _pss(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


@contextmanager
def running() -> Iterator[Product]:
    """Start it empty, wait until it is ready, end it and remove its folder."""
    folder = Path(tempfile.mkdtemp(prefix="healthspace-bench-"))
    folder.chmod(0o711)
    port = _free_ports()
    os.environ |= {
        "HEALTHSPACE_HOME": str(folder / "home"), "HEALTHSPACE_PORT": str(port), "HEALTHSPACE_DEMO": "0",
        "ACCEPT_TEST_IDENTITIES": "1", "DJANGO_SETTINGS_MODULE": "healthspace.config.settings.dev",
    }  # fmt: skip
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "healthspace.config.cli", "run"], cwd=ROOT, stdout=log, stderr=log
    )
    product = Product(folder / "home", port, process)
    try:
        _wait(product, folder / "log")
        yield product
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()
        if os.environ.get("BENCH_KEEP_LOG"):
            print((folder / "log").read_text()[-4000:])
        shutil.rmtree(folder, ignore_errors=True)


def _wait(product: Product, log: Path) -> None:
    until = time.monotonic() + 240
    while time.monotonic() < until:
        if product.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{product.fhir}/health/ready", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"The product does not start:\n{log.read_text()[-3000:]}")


def _free_ports() -> int:
    """The first of three free ports in a row."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            first = int(probe.getsockname()[1])
        if first < 65000 and all(_is_free(first + step) for step in range(3)):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
