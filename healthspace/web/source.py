"""Where a request comes from, as far as limits need to know."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def source_of(request: HttpRequest) -> str:
    """The address a request came from, for the limits."""
    return str(request.META.get(settings.CLIENT_ADDRESS_KEY, ""))
