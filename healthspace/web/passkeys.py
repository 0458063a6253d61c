"""What a passkey's device answered, as the script wrote it into the form."""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import HttpRequest

LONGEST_ANSWER: Final = 20_000


def answer_of(request: HttpRequest) -> dict[str, Any]:
    """What the device said; empty for anything else."""
    text = request.POST.get("answer", "")
    try:
        found = json.loads(text) if len(text) <= LONGEST_ANSWER else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
