"""What the worker calls."""

from __future__ import annotations

from healthspace.audit import actions


def sequence_once(limit: int = 1000, mass_limit: int = 0) -> int:
    """Put up to `limit` waiting lines into the tree, then `mass_limit` of mass acts; about every second."""
    return actions.sequence(limit=limit, mass_limit=mass_limit)


def ask_witnesses_once() -> int:
    """Show the newest checkpoint to every witness; called about every 20 s. How many signed anew."""
    return actions.ask_witnesses()
