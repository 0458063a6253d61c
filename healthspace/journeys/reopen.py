"""Giving closed spaces back to holders who asked for them: the worker's, because only it opens the archive."""

from __future__ import annotations

import logging
from typing import Final
from uuid import UUID

from healthspace.common.errors import HealthspaceError
from healthspace.spaces import actions as spaces
from healthspace.spaces import reads

AT_ONCE: Final = 50
_LOG: Final = logging.getLogger(__name__)


def reopen_asked(limit: int = AT_ONCE) -> int:
    """Reopen the spaces whose holders ask for it, oldest first; how many (CLO-3)."""
    return sum(_reopen(person_id) for person_id in reads.asked_to_reopen(limit))


def _reopen(person_id: UUID) -> bool:
    try:
        return spaces.reopen(person_id=person_id)
    except HealthspaceError as error:  # one that does not open stops none of the others
        _LOG.error("a space could not be reopened: %s", error.code)
        return False
