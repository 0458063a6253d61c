"""Giving and ending access: ties with professionals, and mandates to act for a child."""

from healthspace.access.actions.assistance import (
    ask_assistance,
    certify,
    choose_scope,
    end_assistance,
    new_assistance_code,
    note_help,
    require_scope,
    revoke_certification,
    start_by_code,
    start_by_letter,
    start_by_paper,
)
from healthspace.access.actions.mandates import Pair, end_mandate, renounce, represent, represent_all
from healthspace.access.actions.ties import (
    attend_all,
    block,
    change_emergency_choice,
    declare_consent,
    end,
    end_attending,
    erase,
    grant,
    name_attending_doctor,
    note_taken_over,
    take_over,
    unblock,
)

__all__ = [
    "Pair", "ask_assistance", "attend_all", "block", "certify", "change_emergency_choice", "choose_scope",
    "declare_consent", "end", "end_assistance", "end_attending", "end_mandate", "erase", "grant",
    "name_attending_doctor", "new_assistance_code", "note_help", "note_taken_over", "renounce", "represent",
    "represent_all", "require_scope", "revoke_certification", "start_by_code", "start_by_letter", "start_by_paper",
    "take_over", "unblock",
]  # fmt: skip
