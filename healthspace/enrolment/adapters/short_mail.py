"""Short mails and letters of one person's own doing: eight digits, a new code, the confirmation of an answer.

The same plain words by mail, to exactly one address by a real SMTP connection, and on paper; nothing about
health in them, and in mails no name (T56).
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _

from healthspace.common.errors import Unavailable
from healthspace.enrolment.rules import codes
from healthspace.spaces.rules import email_fault


@dataclass(frozen=True, slots=True)
class Words:
    """A message in its language: the subject, the lines."""

    subject: str
    lines: tuple[str, ...]


def digits(digits: str, *, language: str) -> Words:
    """The eight digits that prove an address."""
    with translation.override(language):
        return Words(
            _("Your 8 digits"),
            (
                _("Hello,"),
                _("Here are the 8 digits you were asked for: %(digits)s") % {"digits": f"{digits[:4]} {digits[4:]}"},
                _("They work for 10 minutes. Nobody will ever ask you for them by phone."),
                _("You did not ask for anything? Then you can forget this message."),
            ),
        )


def new_code(code: str, *, is_child: bool, language: str) -> Words:
    """A new code; which twin it is for is said once it is typed (ENR-6)."""
    with translation.override(language):
        whose = _("The code of a child of yours: %(code)s") if is_child else _("Your code: %(code)s")
        return Words(
            _("Your new code"),
            (
                _("Hello,"),
                _("A new code was asked for. The codes sent before no longer work."),
                whose % {"code": codes.shown(code)},
                _("Use it here: %(address)s") % {"address": f"{settings.SITE_URL}/start"},
                _("You will also be asked for the social security number and the date of birth."),
                _("Give this code to nobody. You did not ask for it? Then you can forget this message."),
            ),
        )


def refused(code: str, *, until: str, is_child: bool, language: str) -> Words:
    """The confirmation of a refusal, with the code that undoes it; `until` is the last day, in words."""
    with translation.override(language):
        child, own = _("The health space of a child of yours was refused."), _("Your health space was refused.")
        return Words(
            _("The refusal is noted"),
            (
                _("Hello,"),
                child if is_child else own,
                _("No space is opened. Care and refunds stay the same."),
                _("Was it you? Then you have nothing to do."),
                _("Was it not you, or have you changed your mind? Undo it until %(day)s with this code: %(code)s")
                % {"day": until, "code": codes.shown(code)},
                _("Use it here: %(address)s") % {"address": f"{settings.SITE_URL}/start"},
            ),
        )


def told(*, language: str) -> Words:
    """The other parent is told that a child's space was refused (T4)."""
    with translation.override(language):
        return Words(
            _("A child’s health space was refused"),
            (
                _("Hello,"),
                _("The other parent has refused the health space of a child of yours. It is not opened."),
                _("Care and refunds stay the same. With a new code either of you can open it later."),
                _("Ask for a code here: %(address)s") % {"address": f"{settings.SITE_URL}/start/new-code/"},
            ),
        )


def send(address: str, words: Words, *, message_id: UUID | None = None) -> None:
    """Hand a message to the mail server; the same `message_id` when it is sent again. `Unavailable`."""
    if email_fault(address):
        raise Unavailable("mail-address")
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message = EmailMessage(
        subject=words.subject,
        body="\n\n".join(words.lines) + "\n",
        to=[address],
        connection=get_connection(),
        headers={"Message-ID": f"<{message_id or uuid4()}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    try:
        message.send(fail_silently=False)
    except OSError as error:  # smtplib's errors are OSErrors
        raise Unavailable("mail") from error
