"""The figures of the desk, read from `data/desk.json` with the reason of each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

READ: Final[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "data" / "desk.json").read_text(encoding="utf-8"))
