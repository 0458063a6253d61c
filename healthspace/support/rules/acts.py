"""Acts of two agents, and the limit on one agent's unlocking."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from healthspace.support.rules.figures import READ

KINDS: Final = frozenset(READ["acts"]["kinds"])
LASTS: Final = timedelta(days=READ["acts"]["lasts_days"])
LONGEST_DETAIL: Final[int] = READ["acts"]["detail_characters"]
UNLOCKS_A_DAY: Final[int] = READ["unlocking"]["a_day"]
UNLOCK_REASONS: Final = frozenset(READ["unlocking"]["reasons"])
