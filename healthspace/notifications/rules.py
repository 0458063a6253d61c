"""Which facts become a notice, for whose eyes, and when a mail goes out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

# A burst of documents is told by one mail; what concerns safety is always told (T07).
MAIL_PAUSE: Final = timedelta(hours=1)
NEVER_PAUSED: Final = frozenset(
    {"new_device", "account_recovered", "password_changed", "contact_changed"}
    | {"emergency_opened", "help_at_desk", "form_carried_out"}
)
# One line for a professional who opens a record ten times a day; the journal has all ten.
SAME_READER: Final = timedelta(hours=24)


def is_own_act(by_kind: str) -> bool:
    """The holder did it, so the holder need not be told."""
    return by_kind == "holder"


def mail_is_due(*, kind: str, is_wanted: bool, since_last_mail: timedelta | None) -> bool:
    """A mail goes out when the holder wants it, and not within the hour after another one."""
    if not is_wanted:
        return False
    return kind in NEVER_PAUSED or since_last_mail is None or since_last_mail >= MAIL_PAUSE


# Which mail a change of state is told by; what is not here is told elsewhere, or by nobody.
MAIL_OF_CHANGE: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("active", "closed"): "space_closed",
        ("open_inactive", "closed"): "space_closed",
        ("closed", "active"): "space_reopened",
        ("deletion_requested", "active"): "space_reopened",
        ("closed", "deletion_requested"): "deletion_asked",
        ("deletion_requested", "closed"): "deletion_cancelled",
        ("active", "suspended"): "space_suspended",
        ("suspended", "closed"): "suspension_ended",
        ("suspended", "active"): "suspension_lifted",
    }
)
