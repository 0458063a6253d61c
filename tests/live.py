"""The real product as an operator starts it: `healthspace run` on free ports, in a folder of its own."""

import os
import pwd
import random
import re
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

from healthspace.config import env
from healthspace.ops.process import die_with_parent

FIRST_START_SECONDS = 240


@dataclass(slots=True)
class Live:
    """One running product."""

    home: Path
    port: int
    process: "subprocess.Popen[bytes]"
    screen: Path

    @property
    def web(self) -> str:
        """Address of the pages."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def fhir(self) -> str:
        """Address of FHIR."""
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def mails(self) -> Path:
        """Folder of the mails sent."""
        return self.home / "mail"

    def last_code(self, address: str = "") -> str:
        """The eight digits that were mailed last, to this address if one is given."""
        for file in sorted(self.mails.glob("*.eml"), reverse=True):
            text = file.read_text(errors="replace")
            found = re.search(r"^(\d{8})\s*$", text, re.MULTILINE)
            if found and address in text:
                return found[1]
        raise AssertionError(f"no code was mailed; the folder holds {len(list(self.mails.glob('*')))} mails")

    def said(self) -> str:
        """What the operator has read so far."""
        return self.screen.read_text()

    def wait_until(self, sentence: str, seconds: float = FIRST_START_SECONDS) -> None:
        """Until it was said; fails with all that was said if the product ends or time is over."""
        until = time.monotonic() + seconds
        while sentence not in self.said():
            assert self.process.poll() is None or sentence in self.said(), self.said()
            assert time.monotonic() < until, self.said()
            time.sleep(0.05)

    def children(self) -> list[psutil.Process]:
        """Every process below the supervisor."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, *words: str) -> psutil.Process:
        """The direct child whose command line holds these words."""
        for found in psutil.Process(self.process.pid).children():
            try:
                line = " ".join(found.cmdline())
            except psutil.Error:  # it just ended
                continue
            if all(word in line for word in words):
                return found
        raise AssertionError(f"no child with {words}")

    def end(self, sign: int = signal.SIGINT, seconds: float = 40) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(sign)
        return self.process.wait(seconds)


def free_port() -> int:
    """The first of four neighbouring free ports, below those the system hands out itself to whoever calls."""
    while True:
        first = random.randrange(23_000, 32_000)
        if all(_is_free(first + step) for step in range(4)):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as trial:
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def start(home: Path, port: int | None = None, user: str | None = None, **settings: str) -> Live:
    """`healthspace run` as an operator's shell would start it: nothing of the suite's own settings reaches it."""
    port = port or free_port()
    screen = Path(tempfile.mkstemp(prefix="healthspace-screen-", suffix=".txt")[1])
    kept = {name: value for name, value in os.environ.items() if name not in env.BY_NAME and "DJANGO" not in name}
    kept.pop("HEALTHSPACE_TEST_RUN", None)
    given = {"HEALTHSPACE_HOME": str(home), "HEALTHSPACE_PORT": str(port)} | settings
    with screen.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "healthspace.config.cli", "run"],
            env={name: value for name, value in kept.items() if name != "MAKELEVEL"} | given,
            cwd=env.ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - a killed run of the tests leaves no product behind
            user=user,
            group=user and pwd.getpwnam(user).pw_gid,
            extra_groups=[] if user else None,
        )
    return Live(home, port, process, screen)


@contextmanager
def own_folder() -> Iterator[Path]:
    """A fresh folder PostgreSQL's user can pass, removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="healthspace-live-"))
    folder.chmod(0o711)
    try:
        yield folder / "home"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def product(**settings: str) -> Iterator[Live]:
    """A running product, ended whatever happens."""
    with own_folder() as home:
        live = start(home, **settings)
        try:
            live.wait_until("is ready after")
            yield live
        finally:
            if live.process.poll() is None:
                live.end()
            live.screen.unlink(missing_ok=True)


def get(address: str, seconds: float = 10) -> int:
    """Status of one GET."""
    try:
        with urllib.request.urlopen(address, timeout=seconds) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as fault:
        return fault.code
