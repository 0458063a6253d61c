"""A child process of ours: born in its own group, dies with its parent, restarted with patience."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60


def die_with_parent(sign: int = signal.SIGTERM) -> None:
    """Ask Linux to send `sign` to this process when the one that started it is gone, even by kill -9.

    SIGKILL for what would take its time to end in order: then nobody is left who would look after it.
    """
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(sign), 0, 0, 0)


def spawn(command: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """A child in a group of its own: Ctrl-C at the terminal reaches the supervisor alone, which ends it in order."""
    return subprocess.Popen(
        command,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - the supervisor has one thread
    )


def end_group(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    """SIGTERM, patience, then SIGKILL for the whole group: nothing of it is left."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    return f"by signal {signal.Signals(-code).name}" if code < 0 else f"with code {code}"


@dataclass(slots=True)
class Child:
    """One kept alive by the supervisor; `start` gives a running process, `stop` ends it for good."""

    title: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    stop: Callable[["subprocess.Popen[bytes]"], None]
    process: "subprocess.Popen[bytes] | None" = None
    pause: float = FIRST_PAUSE
    begun_at: float = 0.0
    again_at: float = field(default=0.0)

    def begin(self) -> None:
        """Start it now."""
        self.process = self.start()
        self.begun_at = time.monotonic()

    def look_after(self, say: Callable[[str], None]) -> None:
        """Notice an end, clear its group, start it again when its pause is over."""
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            self.stop(self.process)
            self.process = None
            if time.monotonic() - self.begun_at > STEADY_SECONDS:
                self.pause = FIRST_PAUSE
            self.again_at = time.monotonic() + self.pause
            say(f"The {self.title} ended {how_it_ended(code)}; it is started again in {self.pause:g} s.")
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
        elif time.monotonic() >= self.again_at:
            self.begin()
            say(f"The {self.title} runs again.")

    def end(self) -> None:
        """Stop it for good."""
        if self.process is not None:
            self.stop(self.process)
            self.process = None


def python(module: str, *arguments: str) -> list[str]:
    """The command line of one of our modules, with the same interpreter."""
    return [sys.executable, "-m", module, *arguments]
