"""Rules of a profile: clinical entries, and the history of reimbursed care."""

from healthspace.profile.rules.care import CARE_MONTHS, CareLine, check_line, first_day, merged, pack, unpack
from healthspace.profile.rules.entries import KEPT_TYPES, SOURCE_LIMIT, source_of

__all__ = [
    "CARE_MONTHS",
    "KEPT_TYPES",
    "SOURCE_LIMIT",
    "CareLine",
    "check_line",
    "first_day",
    "merged",
    "pack",
    "source_of",
    "unpack",
]
