"""What the worker calls."""

from __future__ import annotations

from healthspace.audit import actions


def sequence_once(limit: int = 1000) -> int:
    """Put up to `limit` waiting lines into the tree; called about every second. How many were."""
    return actions.sequence(limit=limit)


def ask_witnesses_once() -> int:
    """Show the newest checkpoint to every witness; called about every 20 s. How many signed anew."""
    return actions.ask_witnesses()
