"""What parents read in their own journal of the answers given for a child of theirs (T4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from healthspace.audit.kinds.shape import Kind


@dataclass(frozen=True, slots=True)
class ChildOpposed(Kind):
    code = "child_opposed"
    by_holder = _("You refused the health space of a child of yours.")
    by_other = _("%(actor)s noted that the health space of a child of yours is refused.")
    refused = _("%(actor)s asked to refuse the health space of a child of yours and was refused.")


@dataclass(frozen=True, slots=True)
class ChildOppositionWithdrawn(Kind):
    code = "child_opposition_withdrawn"
    by_holder = _("You took back the refusal of the health space of a child of yours.")
    by_other = _("%(actor)s noted that the health space of a child of yours is no longer refused.")
    refused = _("%(actor)s asked to take back the refusal for a child of yours and was refused.")


@dataclass(frozen=True, slots=True)
class ChildSpaceOpened(Kind):
    code = "child_space_opened"
    by_holder = _("You opened the health space of a child of yours.")
    by_other = _("%(actor)s opened the health space of a child of yours.")
    refused = _("%(actor)s asked to open the health space of a child of yours and was refused.")


@dataclass(frozen=True, slots=True)
class ChildSpaceClosed(Kind):
    code = "child_space_closed"
    by_holder = _("You closed the health space of a child of yours.")
    by_other = _("%(actor)s closed the health space of a child of yours.")
    refused = _("%(actor)s asked to close the health space of a child of yours and was refused.")


ALL: Final = (ChildOpposed(), ChildOppositionWithdrawn(), ChildSpaceOpened(), ChildSpaceClosed())
