"""A code by mail: the code, how long it lives, and nothing about health."""

from __future__ import annotations

import smtplib
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.utils import translation
from django.utils.translation import gettext as _

from healthspace.common.errors import Unavailable
from healthspace.people import rules


class Mail:
    """The mail server of the settings."""

    def send(self, *, to: str, code: str, language: str, message_id: UUID) -> None:
        """One mail to exactly one plain address (T53); Unavailable when it cannot be handed over."""
        if not _is_plain(to):
            raise Unavailable("mail-address")
        subject, body = words(code, language)
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        message = EmailMessage(
            subject=subject,
            body=body,
            to=[to],
            connection=get_connection(),
            headers={"Message-ID": f"<{message_id}@{domain}>", "Auto-Submitted": "auto-generated"},
        )
        try:
            message.send(fail_silently=False)
        except (OSError, smtplib.SMTPException):
            raise Unavailable("mail") from None  # the library's own words name the address


def words(code: str, language: str) -> tuple[str, str]:
    """Subject and body in this language; the code stands on a line of its own, never in the subject."""
    minutes = int(rules.CODE_LIFE.total_seconds()) // 60
    with translation.override(language):
        subject = _("Your code")
        body = _(
            "Hello,\n\n"
            "Here is the code you asked for:\n\n"
            "%(code)s\n\n"
            "It works once, for %(minutes)s minutes, on the page where you asked for it.\n"
            "Give it to nobody: we never ask for it by phone or mail.\n"
            "If you did not ask for it, somebody knows your password: please change it.\n\n"
            "Please do not answer this message."
        ) % {"code": code, "minutes": minutes}
        return subject, body


def _is_plain(address: str) -> bool:
    if any(sign in address for sign in ',;<>"\\ ') or not address.isprintable():
        return False
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True
