"""Helping an adult: told in the journal of whoever is helped, and in the helper's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from django.utils.translation import gettext_lazy as _

from healthspace.audit.kinds.shape import Kind, Line, Text


@dataclass(frozen=True, slots=True)
class _OfParty(Kind):
    """Told with the name of the other one, where the holder did it; details: party."""

    by_name: ClassVar[Text] = ""

    def tell(self, line: Line) -> str:
        """With the name, unless it was refused, done by somebody else, or none is noted."""
        party = line.details.get("party", "")
        if not party or line.outcome == "refused" or line.actor_kind != "holder":
            return Kind.tell(self, line)
        return str(self.by_name) % {"party": party}


@dataclass(frozen=True, slots=True)
class HelperInvited(_OfParty):
    code = "helper_invited"
    by_holder = _("You asked someone to help you here.")
    by_other = _("%(actor)s asked someone to help you here.")
    by_name = _("You asked %(party)s to help you here.")
    refused = _("%(actor)s asked to choose your helpers and was refused.")


@dataclass(frozen=True, slots=True)
class HelperAccepted(Kind):
    code = "helper_accepted"
    by_holder = _("You accepted to help here.")
    by_other = _("%(actor)s accepted to help you here.")
    refused = _("%(actor)s asked to help you here and was refused.")


@dataclass(frozen=True, slots=True)
class HelperDeclined(Kind):
    code = "helper_declined"
    by_holder = _("You declined to help here.")
    by_other = _("%(actor)s declined to help you here.")
    refused = _("%(actor)s asked to answer for a helper and was refused.")


@dataclass(frozen=True, slots=True)
class HelperEnded(_OfParty):
    code = "helper_ended"
    by_holder = _("You ended the help of someone here.")
    by_other = _("%(actor)s ended the help of someone here.")
    by_name = _("You ended the help of %(party)s here.")
    refused = _("%(actor)s asked to end the help of someone here and was refused.")


@dataclass(frozen=True, slots=True)
class HelperProlonged(_OfParty):
    code = "helper_prolonged"
    by_holder = _("You let someone go on helping you here.")
    by_other = _("%(actor)s let someone go on helping you here.")
    by_name = _("You let %(party)s go on helping you here.")
    refused = _("%(actor)s asked to let someone go on helping you here and was refused.")


@dataclass(frozen=True, slots=True)
class HelperLeft(Kind):
    code = "helper_left"
    by_holder = _("You stopped helping here.")
    by_other = _("%(actor)s stopped helping you here.")
    refused = _("%(actor)s asked to stop helping here and was refused.")


@dataclass(frozen=True, slots=True)
class HelpBegun(_OfParty):
    code = "help_begun"
    by_holder = _("You accepted to help someone.")
    by_other = _("%(actor)s noted that you help someone.")
    by_name = _("You accepted to help %(party)s.")
    refused = _("%(actor)s asked to note that you help someone and was refused.")


@dataclass(frozen=True, slots=True)
class HelpLeft(_OfParty):
    code = "help_left"
    by_holder = _("You stopped helping someone.")
    by_other = _("%(actor)s noted that you stopped helping someone.")
    by_name = _("You stopped helping %(party)s.")
    refused = _("%(actor)s asked to note that you stopped helping someone and was refused.")


ALL: Final = (
    HelperInvited(),
    HelperAccepted(),
    HelperDeclined(),
    HelperEnded(),
    HelperProlonged(),
    HelperLeft(),
    HelpBegun(),
    HelpLeft(),
)
