"""Short mails of one person's own doing: eight digits, a new code, the confirmation of an answer.

Plain text, to exactly one address, by a real SMTP connection; nothing about health in them (T56).
"""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _

from healthspace.common.errors import Unavailable
from healthspace.enrolment.rules import codes
from healthspace.spaces.rules import email_fault


def send_digits(*, address: str, digits: str, language: str) -> None:
    """The eight digits that prove an address. Unavailable when the mail server does not take it."""
    with translation.override(language):
        lines = [
            _("Hello,"),
            _("Here are the 8 digits you were asked for: %(digits)s") % {"digits": f"{digits[:4]} {digits[4:]}"},
            _("They work for 10 minutes. Nobody will ever ask you for them by phone."),
            _("You did not ask for anything? Then you can forget this message."),
        ]
        _send(address, _("Your 8 digits"), lines, uuid4())


def send_code(*, address: str, code: str, is_child: bool, language: str, message_id: UUID) -> None:
    """A new code; no name in it: which twin it is for is said once it is typed (ENR-6, T56)."""
    with translation.override(language):
        whose = _("The code of a child of yours: %(code)s") if is_child else _("Your code: %(code)s")
        lines = [
            _("Hello,"),
            _("A new code was asked for. The codes sent before no longer work."),
            whose % {"code": codes.shown(code)},
            _("Use it here: %(address)s") % {"address": f"{settings.SITE_URL}/start"},
            _("You will also be asked for the social security number and the date of birth."),
            _("Give this code to nobody. You did not ask for it? Then you can forget this message."),
        ]
        _send(address, _("Your new code"), lines, message_id)


def send_refused(*, address: str, code: str, until: str, is_child: bool, language: str, message_id: UUID) -> None:
    """The confirmation of a refusal, with the code that undoes it; `until` is the last day, in words."""
    with translation.override(language):
        said = (
            _("The health space of a child of yours was refused.") if is_child else _("Your health space was refused.")
        )
        lines = [
            _("Hello,"),
            said,
            _("No space is opened. Care and refunds stay the same."),
            _("Was it you? Then you have nothing to do."),
            _("Was it not you, or have you changed your mind? Undo it until %(day)s with this code: %(code)s")
            % {"day": until, "code": codes.shown(code)},
            _("Use it here: %(address)s") % {"address": f"{settings.SITE_URL}/start"},
        ]
        _send(address, _("The refusal is noted"), lines, message_id)


def send_told(*, address: str, language: str, message_id: UUID) -> None:
    """The other parent is told that a child's space was refused (T4)."""
    with translation.override(language):
        lines = [
            _("Hello,"),
            _("The other parent has refused the health space of a child of yours. It is not opened."),
            _("Care and refunds stay the same. With a new code either of you can open it later."),
            _("Ask for a code here: %(address)s") % {"address": f"{settings.SITE_URL}/start/new-code"},
        ]
        _send(address, _("A child’s health space was refused"), lines, message_id)


def _send(address: str, subject: str, lines: Sequence[str], message_id: UUID) -> None:
    if email_fault(address):
        raise Unavailable("mail-address")
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message = EmailMessage(
        subject=subject,
        body="\n\n".join(lines) + "\n",
        to=[address],
        connection=get_connection(),
        headers={"Message-ID": f"<{message_id}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    try:
        message.send(fail_silently=False)
    except OSError as error:  # smtplib's errors are OSErrors
        raise Unavailable("mail") from error
