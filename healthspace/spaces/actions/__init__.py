"""Opening a space, changing it, and the mass acts of enrolment."""

from healthspace.spaces.actions.informing import inform_all
from healthspace.spaces.actions.life import (
    OPENERS,
    OPENING_STATES,
    activate,
    change_contact,
    change_emergency_choice,
    change_language,
    close,
    note_death,
    open_space,
    oppose,
    reopen,
    withdraw_objection,
)
from healthspace.spaces.actions.opening import open_due

__all__ = [
    "OPENERS",
    "OPENING_STATES",
    "activate",
    "change_contact",
    "change_emergency_choice",
    "change_language",
    "close",
    "inform_all",
    "note_death",
    "open_due",
    "open_space",
    "oppose",
    "reopen",
    "withdraw_objection",
]
