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
from healthspace.documents.actions.filing import deposit, replace

__all__ = [
    "change_visibility",
    "create_folder",
    "delete",
    "deposit",
    "disown",
    "mask",
    "move",
    "note",
    "rename",
    "replace",
    "unmask",
]
