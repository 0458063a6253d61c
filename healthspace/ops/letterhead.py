"""Settings that letters and mails of enrolment need, and what is missing from them while they are unset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

NEEDED: Final = {
    "SITE_URL": "links and codes of letters and mails lead to this machine",
    "HELP_PHONE": "letters and mails name no telephone number",
    "LETTER_SENDER": "letters are signed with the product's name",
    "LETTER_SENDER_ADDRESS": "letters show no address of who writes",
    "FREE_POST": "refusal slips have no address that takes them without a stamp",
}


def missing(is_set: Callable[[str], object]) -> list[str]:
    """A sentence for each setting that is not set."""
    return [f"{name} is not set: {lack} (docs/environment.md)" for name, lack in NEEDED.items() if not is_set(name)]
