"""What every template knows: the product's name, its band, its help number, where we are."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from healthspace.common.actor import Actor
from healthspace.web import recall

DEFAULT_BAND = "#07402e"


def site(request: HttpRequest) -> dict[str, Any]:
    """The identity of this installation (settings, never literals) and the present page."""
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
        "acting": _acting(request),
        "is_known": getattr(request, "actor", None) is not None and request.session.has_key("sid"),
    }


def _acting(request: HttpRequest) -> recall.Names | None:
    """The child for whom this session acts, None in one's own record."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.kind != "representative":
        return None
    names = recall.of_record(actor)
    return names if names != recall.NOBODY else None
