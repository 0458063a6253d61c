"""Runs one parser task on one file in a process that can do nothing else (T50, T51).

A door starts its parser process on the first ask and keeps it. No network, no keys, no environment, no writing;
time and memory bounded; what a crafted file breaks is one child.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from healthspace.common.errors import Unavailable

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = "healthspace.documents.adapters"
READY_SECONDS = 20.0
QUEUE_SECONDS = 10.0
GRACE_SECONDS = 2.0
TICK_SECONDS = 0.1  # the system counts processor time in ticks: its limit may fall a little before the clock says so
ANSWER_BYTES = 128 * 1024 * 1024


class ParserFailed(Exception):
    """No result: `reason` is the rule the file breaks, or crashed, timeout, too_big."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Parser:
    """The parser process of this door process and our end of its socket."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.slots = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))
        self.control: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.holds: frozenset[str] = frozenset()
        self.owner = 0

    def ensure(self) -> socket.socket:
        with self.lock:
            if self.control is not None and self.owner == os.getpid():
                return self.control
            for command in _commands():
                control = self._start(command)
                if control is not None:
                    return control
            raise Unavailable("the parser process does not start")

    def _start(self, command: list[str]) -> socket.socket | None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            process = subprocess.Popen(
                [*command, str(theirs.fileno()), "namespaces" if command[0].endswith("bwrap") else "plain"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        ours.settimeout(READY_SECONDS)
        try:
            greeting = ours.recv(4096)
        except OSError:
            greeting = b""
        if not greeting:
            process.kill()
            process.wait()
            ours.close()
            return None
        ours.settimeout(GRACE_SECONDS)
        self.control, self.process, self.owner = ours, process, os.getpid()
        self.holds = frozenset(json.loads(greeting))
        return ours

    def drop(self, broken: socket.socket) -> None:
        """After a failed send: end the process so that the next ask starts another."""
        with self.lock:
            if self.control is broken:
                self.control = None
                broken.close()
                if self.process is not None and self.owner == os.getpid():
                    self.process.kill()
                    self.process.wait()

    def drop_if_gone(self) -> bool:
        """Whether the process ended under us; the next ask then starts another."""
        control = self.control
        if control is None:
            return True
        poller = select.poll()
        poller.register(control, 0)  # a hang-up is told without asking
        if not poller.poll(0):
            return False
        self.drop(control)
        return True

    def send(self, message: bytes, descriptors: list[int]) -> None:
        for _ in range(2):
            control = self.ensure()
            try:
                socket.send_fds(control, [message], descriptors)
                return
            except OSError:
                self.drop(control)
        raise Unavailable("the parser process does not answer")


_parser = _Parser()


def run(
    task: str,
    content: bytes,
    *,
    params: Mapping[str, str | int] | None = None,
    seconds: float = 10,
    memory_mb: int = 1024,
) -> bytes:
    """Do one task on one file and give its bytes; raises ParserFailed, or Unavailable when too many wait."""
    if not _parser.slots.acquire(timeout=QUEUE_SECONDS):
        raise Unavailable("too many files wait for a parser")
    try:
        ask = {
            "task": task,
            "size": len(content),
            "params": dict(params or {}),
            "seconds": seconds,
            "memory_mb": memory_mb,
        }
        message = json.dumps(ask).encode()
        try:
            return _exchange(message, content, seconds)
        except ParserFailed:
            # A file ends its own child only. When the process itself is gone, the ask was lost, not answered.
            if not _parser.drop_if_gone():
                raise
            return _exchange(message, content, seconds)
    finally:
        _parser.slots.release()


def warm() -> None:
    """Start the parser process now rather than at the first file."""
    _parser.ensure()


def strength() -> frozenset[str]:
    """What holds here: limits always; system calls, namespaces or nobody where the machine allows it."""
    warm()
    return _parser.holds


def _exchange(message: bytes, content: bytes, seconds: float) -> bytes:
    source = os.memfd_create("file", os.MFD_CLOEXEC)
    reading, writing = os.pipe2(os.O_CLOEXEC)
    try:
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(source, view) :]
            _parser.send(message, [source, writing])
        finally:
            os.close(writing)
            os.close(source)
        return _answer(reading, seconds)
    finally:
        os.close(reading)


def _answer(reading: int, seconds: float) -> bytes:
    begun = time.monotonic()
    poller = select.poll()
    poller.register(reading, select.POLLIN)
    pieces: list[bytes] = []
    size = 0
    while True:
        left = begun + seconds + GRACE_SECONDS - time.monotonic()
        if left <= 0 or not poller.poll(left * 1000):
            raise ParserFailed("timeout")
        piece = os.read(reading, 1 << 20)
        if not piece:
            break
        pieces.append(piece)
        size += len(piece)
        if size > ANSWER_BYTES:
            raise ParserFailed("too_big")
    reply = b"".join(pieces)
    if reply[:1] == b"+":
        return reply[1:]
    if reply[:1] == b"-":
        raise ParserFailed(reply[1:200].decode("ascii", "replace"))
    is_late = time.monotonic() - begun >= seconds - TICK_SECONDS
    raise ParserFailed("timeout" if is_late else "crashed")


def _commands() -> list[list[str]]:
    """How to start it, strongest first. Only programs and libraries are to be seen inside, never the data folder."""
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from {PACKAGE} import zygote; zygote.start(sys.argv[1:])"
    python = [sys.executable, "-I", "-B", "-c", start]
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        return [python]
    fence = [bwrap, "--unshare-all", "--as-pid-1", "--new-session", "--cap-drop", "ALL", "--chdir", "/"]
    fence += ["--dev-bind", "/dev/urandom", "/dev/urandom"]  # the PDF library keeps it open for locked files
    interpreter = Path(sys.executable).resolve().parents[1]
    seen = {Path(sys.prefix), Path(sys.base_prefix), interpreter, ROOT / "healthspace", Path("/usr")}
    for folder in (Path("/lib"), Path("/lib64"), Path("/bin")):
        if folder.is_symlink():
            fence += ["--symlink", str(folder.readlink()), str(folder)]
        else:
            seen.add(folder)
    for folder in sorted(folder for folder in seen if folder.is_dir()):
        fence += ["--ro-bind", str(folder), str(folder)]
    return [[*fence, *python], python]
