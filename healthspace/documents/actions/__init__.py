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
from healthspace.documents.actions.copying import Part, ask_copy, finish_copy, keep_part, open_copy, remove_expired
from healthspace.documents.actions.erasing import erase
from healthspace.documents.actions.filing import deposit, replace
from healthspace.documents.actions.taking import Older, take_over

__all__ = [
    "Older",
    "Part",
    "ask_copy",
    "change_visibility",
    "create_folder",
    "delete",
    "deposit",
    "disown",
    "erase",
    "finish_copy",
    "keep_part",
    "mask",
    "move",
    "note",
    "open_copy",
    "remove_expired",
    "rename",
    "replace",
    "take_over",
    "unmask",
]
