"""What the worker calls."""

from __future__ import annotations

from healthspace.support.actions import erasing


def erase_old_tickets() -> int:
    """Tickets nobody wrote on for a year are gone; called every hour."""
    return erasing.erase_old()
