"""Places where a test may kill the process, to prove that what follows a crash is whole (security G4)."""

from __future__ import annotations

import os
import signal

_armed: set[str] = set()


def arm(label: str) -> None:
    """From now on this process dies at that place; the settings call it, for crash tests only."""
    if label:
        _armed.add(label)


def point(label: str) -> None:
    """Die here, as by kill -9, when this place is armed; otherwise nothing."""
    if _armed and label in _armed:
        os.kill(os.getpid(), signal.SIGKILL)
