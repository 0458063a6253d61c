"""Giving closed spaces back to holders who asked for them: the worker's, because only it opens the archive."""

from __future__ import annotations

from typing import Final

from healthspace.spaces import actions as spaces
from healthspace.spaces import reads

AT_ONCE: Final = 50


def reopen_asked(limit: int = AT_ONCE) -> int:
    """Reopen the spaces whose holders ask for it, oldest first; how many (CLO-3)."""
    return sum(spaces.reopen(person_id=person_id) for person_id in reads.asked_to_reopen(limit))
