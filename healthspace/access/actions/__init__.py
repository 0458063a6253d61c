"""Giving and ending access: ties with professionals, and mandates to act for a child."""

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
    "Pair", "attend_all", "block", "change_emergency_choice", "declare_consent", "end", "end_attending", "end_mandate",
    "erase", "grant", "name_attending_doctor", "note_taken_over", "renounce", "represent", "represent_all", "take_over",
    "unblock",
]  # fmt: skip
