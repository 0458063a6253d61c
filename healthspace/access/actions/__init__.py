"""Giving and ending access: ties with professionals, and mandates to act for a child."""

from healthspace.access.actions.assistance import (
    ask_assistance,
    certify,
    choose_scope,
    end_assistance,
    new_assistance_code,
    require_scope,
    revoke_certification,
    start_by_code,
    start_by_letter,
    start_by_paper,
)
from healthspace.access.actions.delegations import (
    Wanted,
    accept_help,
    as_caregiver,
    ask_help,
    decline_help,
    end_help,
    leave_help,
    prolong_help,
)
from healthspace.access.actions.guardians import Decision, end_guardian, name_guardian
from healthspace.access.actions.majority import Told, tell_majorities
from healthspace.access.actions.mandates import Pair, end_mandate, renounce, represent, represent_all
from healthspace.access.actions.papers import print_form, print_mandate, use_form
from healthspace.access.actions.parents import (
    Named,
    accept_invitation,
    certify_representation,
    check_statement,
    deliver,
    invite_parent,
    refuse_invitation,
    withdraw_invitation,
)
from healthspace.access.actions.reminders import ask_again_due
from healthspace.access.actions.teens import agree_to_own_way, open_own_way, take_agreement_back
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
    "Decision", "Named", "Pair", "Told", "Wanted", "accept_help", "accept_invitation", "agree_to_own_way",
    "as_caregiver", "ask_again_due", "ask_assistance", "ask_help", "attend_all", "block", "certify",
    "certify_representation", "check_statement", "change_emergency_choice", "choose_scope", "declare_consent", "decline_help", "deliver",
    "end", "end_assistance", "end_attending", "end_guardian", "end_help", "end_mandate", "erase", "grant",
    "invite_parent", "leave_help", "name_attending_doctor", "name_guardian", "new_assistance_code",
    "note_taken_over", "open_own_way", "print_form", "print_mandate", "prolong_help", "refuse_invitation", "renounce",
    "represent", "represent_all", "require_scope", "revoke_certification", "start_by_code", "start_by_letter",
    "start_by_paper", "take_agreement_back", "take_over", "tell_majorities", "unblock", "use_form",
    "withdraw_invitation",
]  # fmt: skip
