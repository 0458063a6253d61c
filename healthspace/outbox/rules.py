"""When a fact that could not be handled is tried again, and when it is given up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from healthspace.common.errors import HealthspaceError

FIRST_WAIT: Final = timedelta(seconds=10)
LONGEST_WAIT: Final = timedelta(hours=6)
MOST_TRIES: Final = 12
DONE_IS_KEPT: Final = timedelta(days=7)


class NeverAgain(HealthspaceError):
    """Raised by a listener: trying this fact again cannot help; `code` says why."""

    code = "never-again"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def next_try_at(*, tries: int, at: datetime) -> datetime | None:
    """After the given number of failed tries: twice as long each time, None once it is dead.

    12 tries with waits of 10 s doubling up to 6 h span about 11 hours: a mail server's bad night.
    """
    if tries >= MOST_TRIES:
        return None
    doubled: timedelta = FIRST_WAIT * 2 ** (tries - 1)
    return at + min(doubled, LONGEST_WAIT)
