"""What the worker calls."""

from __future__ import annotations

from healthspace.audit import actions


def sequence_once(limit: int = 1000) -> int:
    """Put up to `limit` waiting lines into the tree; called about every second. How many were."""
    return actions.sequence(limit=limit)
