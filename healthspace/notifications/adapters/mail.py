"""One mail without content to exactly one address, through a real SMTP connection."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _

from healthspace.common import clock
from healthspace.common.errors import Unavailable
from healthspace.notifications.kinds import SpaceMail
from healthspace.outbox.rules import NeverAgain
from healthspace.spaces import rules as spaces

# A promise of the web door (no address vanishes); a test asks the door for it.
SIGN_IN_PATH: Final = "/sign-in/"
# After a mail server did not answer, other mails wait this long instead of waiting one by one.
REST: Final = timedelta(seconds=30)
_REFUSED_FOR_GOOD: Final = range(500, 600)


class _Server:
    down_until: datetime | None = None


def send_something_new(*, address: str, language: str, message_id: UUID) -> None:
    """Tell this address that there is something new, in its language; no name, no reason (T56).

    Nothing is sent to what is not exactly one plain address (T53). Unavailable or an OSError when
    the server cannot be reached, NeverAgain when it refuses the address for good. `message_id` is
    the same when a mail has to be sent again, so that the receiver can drop the second.
    """
    subject, body = something_new(language)
    send(address, subject, body, message_id)


def send_about_space(*, address: str, language: str, message_id: UUID, mail: SpaceMail) -> None:
    """Tell this address what became of the space itself: closed, open again, deleted; no name (T56).

    Fails as `send_something_new` does.
    """
    subject, body = about_space(mail, language)
    send(address, subject, body, message_id)


def something_new(language: str) -> tuple[str, str]:
    """Subject and body of the mail of a notice, in this language."""
    with translation.override(language):
        subject = _("You have something new in your health space")
        body = _(
            "Hello,\n\n"
            "You have something new in your health space.\n"
            "To see it, sign in: %(address)s\n\n"
            "For your safety this message says nothing more. Please do not answer it."
        ) % {"address": settings.SITE_URL + SIGN_IN_PATH}
    return subject, body


def about_space(mail: SpaceMail, language: str) -> tuple[str, str]:
    """Subject and body of a mail about the space itself, in this language."""
    with translation.override(language):
        parts = [_("Hello,"), str(mail.body)]
        if mail.has_way_in:
            parts.append(_("You can sign in here: %(address)s") % {"address": settings.SITE_URL + SIGN_IN_PATH})
        if settings.HELP_PHONE:
            parts.append(_("If you did not ask for this, call us: %(phone)s") % {"phone": settings.HELP_PHONE})
        parts.append(_("Please do not answer this message."))
        return str(mail.subject), "\n\n".join(parts)


def send(address: str, subject: str, body: str, message_id: UUID) -> None:
    """One mail with these words to exactly one address; fails as `send_something_new` does."""
    if spaces.email_fault(address):
        raise NeverAgain("mail-address")
    at = clock.now()
    if _Server.down_until and at < _Server.down_until:
        raise Unavailable("mail-down")
    try:
        _message(address, subject, body, message_id).send(fail_silently=False)
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = [code for code, _reply in refusal.recipients.values()]
        if codes and all(code in _REFUSED_FOR_GOOD for code in codes):
            raise NeverAgain("mail-refused") from None
        raise
    except smtplib.SMTPException:
        raise
    except OSError:
        _Server.down_until = at + REST
        raise


def _message(address: str, subject: str, body: str, message_id: UUID) -> EmailMessage:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return EmailMessage(
        subject=subject,
        body=body,
        to=[address],
        connection=get_connection(),
        headers={"Message-ID": f"<{message_id}@{domain}>", "Auto-Submitted": "auto-generated"},
    )


def forget_rest() -> None:
    """Try the mail server again at once."""
    _Server.down_until = None
