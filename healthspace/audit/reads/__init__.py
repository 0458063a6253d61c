"""Reading the journal: lines for the holder, the tree for whoever checks it."""

from healthspace.audit.reads.export import export
from healthspace.audit.reads.lines import Entry, Place, journal
from healthspace.audit.reads.noted import noted_items
from healthspace.audit.reads.tree import (
    Proof,
    checkpoint,
    consistency,
    is_behind,
    proof,
    size,
    stored_tile,
    tile,
)
from healthspace.audit.reads.verify import Finding, JournalReport, verify

__all__ = [
    "Entry",
    "Finding",
    "JournalReport",
    "Place",
    "Proof",
    "checkpoint",
    "consistency",
    "export",
    "is_behind",
    "journal",
    "noted_items",
    "proof",
    "size",
    "stored_tile",
    "tile",
    "verify",
]
