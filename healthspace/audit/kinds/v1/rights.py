"""Rights: who was allowed, blocked, named."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from healthspace.audit.kinds.shape import Kind


@dataclass(frozen=True, slots=True)
class AccessGranted(Kind):
    code = "access_granted"
    by_holder = _("You allowed someone to see your record.")
    by_other = _("%(actor)s noted that you allow access to your record.")
    refused = _("%(actor)s asked for access to your record and was refused.")


@dataclass(frozen=True, slots=True)
class AccessEnded(Kind):
    code = "access_ended"
    by_holder = _("You ended an access to your record.")
    by_other = _("%(actor)s ended an access to your record.")
    refused = _("%(actor)s asked to end an access to your record and was refused.")


@dataclass(frozen=True, slots=True)
class AttendingDoctorNamed(Kind):
    code = "attending_doctor_named"
    by_holder = _("You named your attending doctor.")
    by_other = _("%(actor)s was noted as your attending doctor.")
    refused = _("%(actor)s asked to be noted as your attending doctor and was refused.")


@dataclass(frozen=True, slots=True)
class ProfessionalBlocked(Kind):
    code = "professional_blocked"
    by_holder = _("You blocked someone from your record.")
    by_other = _("%(actor)s blocked someone from your record.")
    refused = _("%(actor)s asked to block someone from your record and was refused.")


@dataclass(frozen=True, slots=True)
class ProfessionalUnblocked(Kind):
    code = "professional_unblocked"
    by_holder = _("You no longer block someone from your record.")
    by_other = _("%(actor)s unblocked someone for your record.")
    refused = _("%(actor)s asked to unblock someone for your record and was refused.")


@dataclass(frozen=True, slots=True)
class EmergencyChoiceChanged(Kind):
    code = "emergency_choice_changed"
    by_holder = _("You changed what is allowed in an emergency.")
    by_other = _("%(actor)s changed what is allowed in an emergency.")
    refused = _("%(actor)s asked to change what is allowed in an emergency and was refused.")


@dataclass(frozen=True, slots=True)
class EmergencyOpened(Kind):
    code = "emergency_opened"
    by_holder = _("You opened your record in an emergency.")
    by_other = _("%(actor)s opened your record in an emergency.")
    refused = _("%(actor)s asked to open your record in an emergency and was refused.")


ALL = (
    AccessGranted(),
    AccessEnded(),
    AttendingDoctorNamed(),
    ProfessionalBlocked(),
    ProfessionalUnblocked(),
    EmergencyChoiceChanged(),
    EmergencyOpened(),
)
