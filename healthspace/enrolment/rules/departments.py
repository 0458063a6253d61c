"""The departments that people live in, read from `data/departments.json`; a new one is a line there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

_READ: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "departments.json").read_text(encoding="utf-8")
)
NAMES: Final[Mapping[str, str]] = MappingProxyType(_READ["names"])
ABROAD: Final = "99"
