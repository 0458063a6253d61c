"""What every template knows: the product's name, its band, its help number, where we are."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from healthspace.common.actor import Actor
from healthspace.web import recall

DEFAULT_BAND = "#07402e"


def site(request: HttpRequest) -> dict[str, Any]:
    """The identity of this installation (settings, never literals) and the present page."""
    actor: Actor | None = getattr(request, "actor", None)
    family = Family(actor)
    start, _, end = settings.SITE_NAME.rpartition(" ")
    return {
        "site": {
            "name": settings.SITE_NAME,
            "name_start": start,
            "name_end": end,
            "band": settings.SITE_BAND or DEFAULT_BAND,
            "phone": settings.HELP_PHONE,
        },
        "here": request.get_full_path() if request.method == "GET" else "/",
        "acting": family.shown,
        "family": family,
        "is_known": actor is not None and request.session.has_key("sid"),
    }


@dataclass
class Family:
    """Whose records the switcher offers; looked up once, by the pages that show it."""

    actor: Actor | None

    @cached_property
    def everybody(self) -> tuple[recall.Other, ...]:
        """All of them, the one shown now too."""
        return recall.family(self.actor) if self.actor else ()

    @property
    def is_away(self) -> bool:
        """True in a record that is not one's own."""
        return self.actor is not None and self.actor.kind in {"representative", "caregiver"}

    @cached_property
    def shown(self) -> recall.Other | None:
        """The person for whom this session acts; None in one's own record."""
        if self.actor is None or not self.is_away:
            return None
        return recall.acted_for(self.actor, self.everybody)

    @cached_property
    def others(self) -> tuple[recall.Other, ...]:
        """Everybody but the one shown now."""
        return tuple(one for one in self.everybody if one is not self.shown)

    @cached_property
    def me(self) -> recall.Names | None:
        """The holder's own name, while another record is shown."""
        return recall.of_holder(recall.own(self.actor)) if self.actor and self.is_away else None
