"""What is done with a profile: clinical entries, and the history of reimbursed care."""

from healthspace.profile.actions.care import KeptCare, change_care_visibility, keep_care_histories, keep_care_history
from healthspace.profile.actions.care_parts import forget_parts, note_part, parts_taken
from healthspace.profile.actions.entries import Kept, entry_id, keep, keep_all, source_key
from healthspace.profile.actions.erasing import erase

__all__ = [
    "Kept",
    "KeptCare",
    "change_care_visibility",
    "entry_id",
    "erase",
    "forget_parts",
    "keep",
    "keep_all",
    "keep_care_histories",
    "keep_care_history",
    "note_part",
    "parts_taken",
    "source_key",
]
