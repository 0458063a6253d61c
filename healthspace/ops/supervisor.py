"""One product, several processes: started in order, kept alive together, ended in reverse order. No Django here."""

import fcntl
import http.client
import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

from healthspace.ops.engine import make_passable
from healthspace.ops.faults import CannotRun
from healthspace.ops.process import Child

LAYOUT = 1  # of the data folder; a release that lays it out differently counts on
LEAST_FREE_BYTES = 200_000_000
TAKEN_PATIENCE = 10.0
LAST_PORT = 65_535


def say(sentence: str) -> None:
    """Tell the operator; a screen that is gone is no reason to leave processes behind."""
    try:
        print(sentence, flush=True)  # noqa: T201 - this is the operator's screen
    except OSError:
        pass


def open_home(home: Path) -> IO[str]:
    """Make or check the data folder and hold it for this process alone; returns the lock, to be kept open."""
    try:
        make_passable(home)
        lock = (home / "lock").open("a+")
    except OSError as fault:
        raise CannotRun(
            f"The data folder {home} cannot be written ({fault.strerror}). "
            "Give this user the right, or choose another with HEALTHSPACE_HOME."
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise CannotRun(
            f"healthspace already runs with the data folder {home} (process {lock.read().strip() or 'unknown'}). "
            f"Stop that one, or choose another folder with HEALTHSPACE_HOME and other ports with HEALTHSPACE_PORT."
        ) from None
    free = shutil.disk_usage(home).free
    if free < LEAST_FREE_BYTES:
        raise CannotRun(
            f"The disk of {home} is full: {free // 1_000_000} MB are free, {LEAST_FREE_BYTES // 1_000_000} MB are "
            "needed. Free some, or choose another HEALTHSPACE_HOME."
        )
    _check_layout(home)
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _check_layout(home: Path) -> None:
    path = home / "layout"
    if not path.exists():
        path.write_text(f"{LAYOUT}\n")
    found = path.read_text().strip()
    if found == str(LAYOUT):
        return
    if found.isdecimal() and int(found) > LAYOUT:
        raise CannotRun(
            f"The data folder {home} was made by a newer release (layout {found}; this one knows {LAYOUT}). "
            "Start that release, or choose another HEALTHSPACE_HOME."
        )
    raise CannotRun(
        f"The data folder {home} has an older layout ({found or 'none'}; this release needs {LAYOUT}). "
        "UPGRADE.md says how to move it; or choose another HEALTHSPACE_HOME."
    )


def check_ports(host: str, ports: dict[int, str]) -> None:
    """Each port is free, or one sentence says which is not; those of a product just killed get a moment to go."""
    if not 0 < min(ports) <= max(ports) <= LAST_PORT:
        raise CannotRun(
            f"There is no port {max(ports)}. Choose another with HEALTHSPACE_PORT, at most {LAST_PORT - 2}."
        )
    until = time.monotonic() + TAKEN_PATIENCE
    for port, title in ports.items():
        while not _is_free(host, port):
            if time.monotonic() > until:
                first = min(ports)
                raise CannotRun(
                    f"Port {port} for the {title} is taken by another program. "
                    f"End that one, or choose other ports: HEALTHSPACE_PORT={first + 100} make run."
                )
            time.sleep(0.2)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except PermissionError:
            raise CannotRun(
                f"Port {port} may not be used by this user. Choose one above 1023 with HEALTHSPACE_PORT."
            ) from None
        except OSError:
            return False
    return True


def answers(host: str, port: int) -> bool:
    """Whether something listens there."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def is_ready(host: str, port: int) -> bool:
    """Whether a door answers, and its database too."""
    line = http.client.HTTPConnection(host, port, timeout=5)
    try:
        line.request("GET", "/health/ready")
        return line.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


class Ended(BaseException):
    """Someone asked us to end (Ctrl-C, SIGTERM, the terminal closed)."""


def _end(number: int, frame: FrameType | None) -> None:
    raise Ended


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Inside, a signal to end raises Ended once; what follows is not disturbed by a second one."""
    asked = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in asked:
        signal.signal(number, _end)
    try:
        yield
    except Ended:
        pass
    finally:
        for number in asked:
            signal.signal(number, signal.SIG_IGN)


class Group:
    """The children, in the order they were started."""

    def __init__(self) -> None:
        self.children: list[Child] = []

    def add(self, child: Child) -> None:
        """Start one more."""
        self.children.append(child)
        child.begin()

    def wait_for(self, host: str, port: int, title: str, *, speaks_http: bool, seconds: float = 60) -> None:
        """Until a door answers; a door that ends instead is a fault of the release, told as such."""
        until = time.monotonic() + seconds
        child = next(one for one in self.children if one.title == title)
        while not (is_ready(host, port) if speaks_http else answers(host, port)):
            if child.process is None or child.process.poll() is not None or time.monotonic() > until:
                raise CannotRun(f"The {title} did not start; its lines above say why. Run `healthspace doctor`.")
            time.sleep(0.05)

    def keep(self) -> None:
        """Look after all of them until asked to end."""
        while True:
            for child in self.children:
                try:
                    child.look_after(say)
                except CannotRun as fault:
                    say(str(fault))
                    child.again_at = time.monotonic() + child.pause
            time.sleep(0.2)

    def end(self) -> None:
        """Last started, first ended."""
        for child in reversed(self.children):
            child.end()
