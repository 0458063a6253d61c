"""Rules of documents: what may be filed, what a sealed sheet says."""

from healthspace.documents.rules.orders import (
    ANNOUNCEMENT,
    FOLDER_NAME_LIMIT,
    HIDDEN_FROM_HOLDER,
    HIDDEN_FROM_REPRESENTATIVES,
    MASKED,
    NOTE_LIMIT,
    TITLE_LIMIT,
    VISIBILITY_CODES,
    Author,
    ClaimedIdentity,
    Order,
    Receipt,
    check_folder_name,
    check_note,
    check_order,
    check_title,
    check_visibility,
    hidden_until,
)
from healthspace.documents.rules.sheets import OwnWords, Sheet
from healthspace.documents.rules.waiting import Waiting

__all__ = [
    "ANNOUNCEMENT",
    "FOLDER_NAME_LIMIT",
    "HIDDEN_FROM_HOLDER",
    "HIDDEN_FROM_REPRESENTATIVES",
    "MASKED",
    "NOTE_LIMIT",
    "TITLE_LIMIT",
    "VISIBILITY_CODES",
    "Author",
    "ClaimedIdentity",
    "Order",
    "OwnWords",
    "Receipt",
    "Sheet",
    "Waiting",
    "check_folder_name",
    "check_note",
    "check_order",
    "check_title",
    "check_visibility",
    "hidden_until",
]
