"""The cookie of a remembered browser: it lets a holder leave out the second step for 30 days, never the password."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from healthspace.people.rules import DEVICE_LIFE

COOKIE: Final = "remembered"


def remember(response: HttpResponse, token: str) -> None:
    """Give the token to this browser alone."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(DEVICE_LIFE.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/sign-in/",
    )


def token_of(request: HttpRequest) -> str:
    """The token that this browser kept, or ""."""
    return request.COOKIES.get(COOKIE, "")
