"""Opening a space, changing it, and the mass acts of enrolment."""

from healthspace.spaces.actions.closing import (
    ask_deletion,
    ask_reopening,
    begin_erasing,
    cancel_deletion,
    close,
    correct_death,
    end_suspension,
    finish_erasing,
    lift_suspension,
    note_death,
    reopen,
    suspend,
)
from healthspace.spaces.actions.contacts import (
    Asked,
    apply_due_contacts,
    ask_contact_change,
    confirm_first_contact,
    forget_old_contacts,
    stop_by_link,
    stop_contact_change,
)
from healthspace.spaces.actions.enrolling import add_number, correct_all, enrol_all, move_number, set_aside
from healthspace.spaces.actions.informing import inform_all
from healthspace.spaces.actions.life import (
    OPENING_STATES,
    activate,
    change_contact,
    change_emergency_choice,
    change_language,
    open_space,
    oppose,
    withdraw_objection,
)
from healthspace.spaces.actions.lines import OPENERS
from healthspace.spaces.actions.opening import open_due
from healthspace.spaces.actions.refused import close_refused

__all__ = [
    "OPENERS",
    "OPENING_STATES",
    "Asked",
    "activate",
    "add_number",
    "apply_due_contacts",
    "ask_contact_change",
    "ask_deletion",
    "ask_reopening",
    "begin_erasing",
    "cancel_deletion",
    "change_contact",
    "change_emergency_choice",
    "change_language",
    "close",
    "close_refused",
    "confirm_first_contact",
    "correct_all",
    "correct_death",
    "end_suspension",
    "enrol_all",
    "finish_erasing",
    "forget_old_contacts",
    "inform_all",
    "lift_suspension",
    "move_number",
    "note_death",
    "open_due",
    "open_space",
    "oppose",
    "reopen",
    "set_aside",
    "stop_by_link",
    "stop_contact_change",
    "suspend",
    "withdraw_objection",
]
