"""Acting for a child: told in the child's journal and in the representative's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from django.utils.translation import gettext_lazy as _

from healthspace.audit.kinds.shape import Kind, Line, Text, who


@dataclass(frozen=True, slots=True)
class OfParty(Kind):
    """Told with the name of the representative where it is known; details: party."""

    by_name: ClassVar[Text] = ""

    def tell(self, line: Line) -> str:
        """With the name, unless it was refused or none is noted."""
        party = line.details.get("party", "")
        if not party or line.outcome == "refused":
            return Kind.tell(self, line)
        return str(self.by_name) % {"party": party, "actor": who(line)}


@dataclass(frozen=True, slots=True)
class RepresentativeNamed(OfParty):
    code = "representative_named"
    by_holder = _("Your parents, or whoever stands in for them, can act for you here until you are 18.")
    by_other = _(
        "%(actor)s noted that your parents, or whoever stands in for them, can act for you here until you are 18."
    )
    by_name = _("%(party)s can act for you here until you are 18.")
    refused = _("%(actor)s asked to act for you here and was refused.")


@dataclass(frozen=True, slots=True)
class RepresentativeEnded(OfParty):
    code = "representative_ended"
    by_holder = _("You ended the right of someone to act for you here.")
    by_other = _("%(actor)s ended the right of someone to act for you here.")
    by_name = _("%(party)s can no longer act for you here.")
    refused = _("%(actor)s asked to end the right of someone to act for you here and was refused.")


@dataclass(frozen=True, slots=True)
class MandateGiven(Kind):
    code = "mandate_given"
    by_holder = _("You can act here for a child of yours, until the child is 18.")
    by_other = _("%(actor)s noted that you can act here for a child of yours, until the child is 18.")
    refused = _("%(actor)s asked to let you act here for a child and was refused.")


@dataclass(frozen=True, slots=True)
class MandateEnded(Kind):
    code = "mandate_ended"
    by_holder = _("You said that you are not the legal representative of a child. You no longer act for this child.")
    by_other = _("%(actor)s ended your right to act here for a child.")
    refused = _("%(actor)s asked to end your right to act here for a child and was refused.")


ALL: Final = (RepresentativeNamed(), RepresentativeEnded(), MandateGiven(), MandateEnded())
