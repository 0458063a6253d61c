"""What may be read of a profile: clinical entries, and the history of reimbursed care."""

from healthspace.profile.reads.care import CareHistory, CareSummary, care_history, care_summary
from healthspace.profile.reads.categories import Category, categories
from healthspace.profile.reads.entries import Entry, counts, entries

__all__ = [
    "CareHistory",
    "CareSummary",
    "Category",
    "Entry",
    "care_history",
    "care_summary",
    "categories",
    "counts",
    "entries",
]
