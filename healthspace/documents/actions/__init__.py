"""What an actor may do with documents."""

from healthspace.documents.actions.changes import (
    change_visibility,
    create_folder,
    delete,
    disown,
    mask,
    move,
    note,
    rename,
    unmask,
)
from healthspace.documents.actions.erasing import erase
from healthspace.documents.actions.filing import deposit, replace
from healthspace.documents.actions.taking import Older, take_over

__all__ = [
    "Older",
    "change_visibility",
    "create_folder",
    "delete",
    "deposit",
    "disown",
    "erase",
    "mask",
    "move",
    "note",
    "rename",
    "replace",
    "take_over",
    "unmask",
]
