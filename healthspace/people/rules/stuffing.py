"""When wrong sign-ins all over the site are no longer ordinary (T05)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from statistics import median
from typing import Final

RECENT: Final = timedelta(minutes=2)
USUAL: Final = timedelta(days=1)
FLOOR: Final = 50  # fewer wrong ones in two minutes never raise the alarm
LEAST_USUAL: Final = 0.1  # people get one in ten wrong, whatever a quiet day says
TIMES_USUAL: Final = 1.5
DEVIATIONS: Final = 6
HIGHEST_SHARE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Tally:
    """Sign-ins tried within some time, and those that failed."""

    tries: int = 0
    failures: int = 0

    @property
    def share(self) -> float:
        """Failures in tries, 0 when nothing was tried."""
        return self.failures / self.tries if self.tries else 0.0


def usual_share(hours: Sequence[Tally]) -> float:
    """What share ordinarily fails: the median of the hours, so that one night of attack does not hide the next."""
    return median([hour.share for hour in hours if hour.tries]) if any(hour.tries for hour in hours) else 0.0


def is_alarming(recent: Tally, usual: float) -> bool:
    """True if more fail within two minutes than half more than usual, with six standard deviations besides."""
    expected = max(usual, LEAST_USUAL) * recent.tries
    most = min(TIMES_USUAL * expected + DEVIATIONS * sqrt(expected + 1), HIGHEST_SHARE * recent.tries)
    return recent.failures >= max(FLOOR, most)
