"""The alarm that rings in the log when sign-ins fail all over the site (T05)."""

from __future__ import annotations

import logging

from healthspace.people import reads

log = logging.getLogger(__name__)


def watch_sign_ins() -> int:
    """One line in the log while the alarm rings, with figures only; for the worker's schedule. 1 if it rings."""
    seen = reads.stuffing()
    if seen.is_alarming:
        log.warning(
            "sign-ins fail all over the site: %d of %d in two minutes, ordinarily %d %%",
            seen.recent.failures,
            seen.recent.tries,
            round(100 * seen.usual_share),
        )
    return int(seen.is_alarming)
