"""How many at once, how many to one address; and what tells a letter or mail that came back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from healthspace.common.errors import Invalid
from healthspace.enrolment.rules import references

_READ: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "sending.json").read_text(encoding="utf-8")
)
MAIL_LETTERS: Final[int] = _READ["mail_letters"]["count"]
POST_LETTERS: Final[int] = _READ["post_letters"]["count"]
PEOPLE_PER_MAIL_ADDRESS: Final[int] = _READ["people_per_mail_address"]["count"]
REFUSALS_IN_A_ROW: Final[int] = _READ["refusals_in_a_row"]["count"]
DAYS_TO_POST: Final[int] = _READ["days_to_post"]["count"]
MARK: Final = 16

Way = Literal["bounced", "returned", "doubted"]
_RETURN: Final = re.compile(rf"\+([0-9a-z]{{5}}-[0-9a-z]{{6}}-[0-9a-z])-([0-9a-f]{{{MARK}}})@", re.ASCII)
_MESSAGE_ID: Final = re.compile(rf"<([0-9a-z]{{5}}-[0-9a-z]{{6}}-[0-9a-z])\.([0-9a-f]{{{MARK}}})@", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sent:
    """What names one mail of ours: its letter, and a mark that nobody can make for another letter."""

    reference: str
    mark: str

    @property
    def place(self) -> tuple[int, int]:
        """Batch and place."""
        return references.read(self.reference)


def return_path(sent: Sent, address: str) -> str:
    """Where this mail comes back to when it cannot be delivered: `bounces+REFERENCE-MARK@domain` (VERP)."""
    box, _, domain = address.rpartition("@")
    return f"{box}+{sent.reference.lower()}-{sent.mark}@{domain}"


def message_id(sent: Sent, address: str) -> str:
    """The Message-ID of this mail, the same if it ever were sent again."""
    return f"<{sent.reference.lower()}.{sent.mark}@{address.rpartition('@')[2]}>"


def sent_in(text: str) -> Sent | None:
    """The mail named by a return path or a Message-ID somewhere in this text; None when there is none."""
    found = _RETURN.search(text.lower()) or _MESSAGE_ID.search(text.lower())
    if found is None:
        return None
    try:
        return Sent(references.of(*references.read(found[1])), found[2])
    except Invalid:
        return None
