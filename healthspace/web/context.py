"""What every template knows: the product's name, its band, its help number, where we are."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

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
        "is_known": getattr(request, "actor", None) is not None and request.session.has_key("account"),
    }
