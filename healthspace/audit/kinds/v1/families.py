"""Second parents, statements, guardians, sign-ins of minors: told to the person acted for and to who acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from healthspace.audit.kinds.shape import Kind
from healthspace.audit.kinds.v1.mandates import OfParty


@dataclass(frozen=True, slots=True)
class ParentInvited(OfParty):
    code = "parent_invited"
    by_holder = _("You asked somebody to act for a child as the other parent.")
    by_other = _("%(actor)s asked somebody to act for you here as the other parent.")
    by_name = _("%(actor)s asked %(party)s to act for you here as the other parent.")
    refused = _("%(actor)s asked to name another parent here and was refused.")


@dataclass(frozen=True, slots=True)
class InvitationAccepted(OfParty):
    code = "invitation_accepted"
    by_holder = _("You agreed to act for a child as the other parent.")
    by_other = _("%(actor)s agreed to act for you here as the other parent.")
    by_name = _("%(party)s agreed to act for you here as the other parent, until you are 18.")
    refused = _("%(actor)s asked to act for you here as the other parent and was refused.")


@dataclass(frozen=True, slots=True)
class InvitationRefused(OfParty):
    code = "invitation_refused"
    by_holder = _("You said no to acting for a child as the other parent.")
    by_other = _("%(actor)s said no to acting for you here.")
    by_name = _("%(party)s said no to acting for you here.")
    refused = _("%(actor)s answered an invitation here and was refused.")


@dataclass(frozen=True, slots=True)
class InvitationWithdrawn(Kind):
    code = "invitation_withdrawn"
    by_holder = _("You took an invitation to the other parent back.")
    by_other = _("%(actor)s took an invitation to the other parent back.")
    refused = _("%(actor)s asked to take an invitation back and was refused.")


@dataclass(frozen=True, slots=True)
class StatementMade(Kind):
    code = "statement_made"
    by_holder = _("You certified being the legal representative of a child.")
    by_other = _("%(actor)s certified being your legal representative.")
    refused = _("%(actor)s asked to certify being your legal representative and was refused.")


@dataclass(frozen=True, slots=True)
class GuardianNamed(OfParty):
    code = "guardian_named"
    by_holder = _("A judge decided that somebody acts for you here, or with you.")
    by_other = _("%(actor)s noted that a judge decided that somebody acts for you here, or with you.")
    by_name = _("A judge decided that %(party)s acts for you here, or with you. %(actor)s noted it.")
    refused = _("%(actor)s asked to note a decision of a judge and was refused.")


@dataclass(frozen=True, slots=True)
class GuardianEnded(Kind):
    code = "guardian_ended"
    by_holder = _("A judge ended the right of somebody to act for you here.")
    by_other = _("%(actor)s noted that a judge ended the right of somebody to act for you here.")
    refused = _("%(actor)s asked to end the right of somebody to act for you here and was refused.")


@dataclass(frozen=True, slots=True)
class GuardianshipGiven(Kind):
    code = "guardianship_given"
    by_holder = _("A judge decided that you act here for somebody, or with them.")
    by_other = _("%(actor)s noted that a judge decided that you act here for somebody, or with them.")
    refused = _("%(actor)s asked to let you act here for somebody and was refused.")


@dataclass(frozen=True, slots=True)
class GuardianshipEnded(Kind):
    code = "guardianship_ended"
    by_holder = _("You no longer act here for somebody for whom a judge had named you.")
    by_other = _("%(actor)s noted that you no longer act here for somebody for whom a judge had named you.")
    refused = _("%(actor)s asked to end your right to act here for somebody and was refused.")


@dataclass(frozen=True, slots=True)
class TeenAgreed(Kind):
    code = "teen_agreed"
    by_holder = _("You agreed to a sign-in of your own.")
    by_other = _("%(actor)s agreed that you have a sign-in of your own.")
    refused = _("%(actor)s asked to agree to a sign-in of your own and was refused.")


@dataclass(frozen=True, slots=True)
class TeenDisagreed(Kind):
    code = "teen_disagreed"
    by_holder = _("You took back that you agree to a sign-in of your own.")
    by_other = _("%(actor)s took back agreeing to a sign-in of your own.")
    refused = _("%(actor)s asked to take back agreeing to a sign-in of your own and was refused.")


@dataclass(frozen=True, slots=True)
class OwnWayOpened(Kind):
    code = "own_way_opened"
    by_holder = _("You have a sign-in of your own. Your parents still act for you here until you are 18.")
    by_other = _("%(actor)s gave you a sign-in of your own. Your parents still act for you here until you are 18.")
    refused = _("%(actor)s asked for a sign-in of your own and was refused.")


ALL: Final = (
    ParentInvited(), InvitationAccepted(), InvitationRefused(), InvitationWithdrawn(), StatementMade(),
    GuardianNamed(), GuardianEnded(), GuardianshipGiven(), GuardianshipEnded(),
    TeenAgreed(), TeenDisagreed(), OwnWayOpened(),
)  # fmt: skip
