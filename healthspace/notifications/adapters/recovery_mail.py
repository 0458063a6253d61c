"""The words of the message about an account that was given back: how to stop it, without signing in (T13)."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

# A promise of the web door; a test asks the door for it.
STOP_PATH: Final = "/sign-in/stop/"


def recovered(token: str, language: str) -> tuple[str, str]:
    """Subject and body, in this language."""
    with translation.override(language):
        return _("Your account has a new password"), "\n\n".join(
            (
                _("Hello,"),
                _("Your account was given back with the code of a letter: it has a new identifier and a new password."),
                _("Was it you? Then you have nothing to do. Everything opens again in 3 days."),
                _("Was it not you? Stop it here, without signing in: %(address)s") % {"address": _address(token)},
                _("Please do not answer this message."),
            )
        )


def short(token: str, language: str) -> str:
    """The same for an SMS."""
    with translation.override(language):
        return _("Your account has a new password. Not you? Stop it within 3 days: %(address)s") % {
            "address": _address(token)
        }


def _address(token: str) -> str:
    return f"{settings.SITE_URL}{STOP_PATH}{token}/"
