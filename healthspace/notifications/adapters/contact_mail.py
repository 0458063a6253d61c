"""The words of mails about a change of e-mail or phone: what waits, until when, how to stop it (T12)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

# A promise of the web door; a test asks the door for it.
STOP_PATH: Final = "/contact/stop/"


def digits(digits: str, language: str) -> tuple[str, str]:
    """Subject and body of the mail that confirms a first address, in this language."""
    with translation.override(language):
        return _("Your 8 digits"), "\n\n".join(
            (
                _("Hello,"),
                _("Here are the 8 digits you were asked for: %(digits)s") % {"digits": f"{digits[:4]} {digits[4:]}"},
                _("They work for 10 minutes. Nobody will ever ask you for them by phone."),
                _("You did not ask for anything? Then you can forget this message."),
            )
        )


def told(state: str, token: str, language: str) -> Iterator[tuple[str, str]]:
    """Subject and body for an address of before, in this language; nothing for what needs no words."""
    with translation.override(language):
        lines = _LINES[state](token) if state in _LINES else ()
        if lines:
            subject, *body = lines
            yield subject, "\n\n".join((_("Hello,"), *body, _help(), _("Please do not answer this message.")))


def short(state: str, subject: str, token: str, language: str) -> str:
    """The same for an SMS to a phone of before."""
    if state != "waiting":
        return f"{subject}."
    with translation.override(language):
        address = f"{settings.SITE_URL}{STOP_PATH}{token}/"
        return f"{subject}. " + _("Not you? Stop it within 3 days: %(address)s") % {"address": address}


def _waiting(token: str) -> tuple[str, ...]:
    return (
        _("Somebody asked to change your e-mail or your phone"),
        _("Somebody asked us to reach you by another e-mail or another phone from now on."),
        _("Was it you? Then you have nothing to do. The change is made in 3 days."),
        _("Was it not you? Stop it here, without signing in: %(address)s")
        % {"address": f"{settings.SITE_URL}{STOP_PATH}{token}/"},
        _("Until then nothing changes: our messages come to this address."),
    )


def _applied(token: str) -> tuple[str, ...]:
    return (
        _("Your e-mail or your phone was changed"),
        _("The change that was asked for 3 days ago is made. From now on we write to the new address."),
        _("Was it not you? Call us at once, or ask for a letter with a new code: %(address)s")
        % {"address": f"{settings.SITE_URL}/start"},
    )


def _stopped(token: str) -> tuple[str, ...]:
    return (
        _("The change of your e-mail or your phone was stopped"),
        _("Nothing was changed. Our messages go on coming to this address."),
    )


_LINES: Final = {"waiting": _waiting, "applied": _applied, "stopped": _stopped}


def _help() -> str:
    if settings.HELP_PHONE:
        return _("You do not understand this message? Call us: %(phone)s") % {"phone": settings.HELP_PHONE}
    return _("You do not understand this message? Ask us on the page “Help and contact”.")
