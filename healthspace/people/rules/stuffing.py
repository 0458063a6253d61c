"""When wrong sign-ins all over the site are no longer ordinary (T05)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Final

RECENT: Final = timedelta(minutes=2)
USUAL: Final = timedelta(days=1)
FLOOR: Final = 50  # fewer wrong ones in two minutes never raise the alarm
LOWEST_SHARE: Final = 0.3
TIMES_USUAL: Final = 2.0


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
    """True if so many fail within two minutes, and such a share, as people alone do not get wrong."""
    threshold = min(max(LOWEST_SHARE, TIMES_USUAL * usual), 0.9)
    return recent.failures >= FLOOR and recent.share >= threshold
