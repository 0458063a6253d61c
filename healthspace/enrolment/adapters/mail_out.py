"""Mails handed to a mail server one by one, so that it is known of each whether it was taken."""

from __future__ import annotations

import smtplib
import ssl
from types import TracebackType
from typing import Final, Literal, Protocol, Self

from django.conf import settings

from healthspace.common.errors import Unavailable

Outcome = Literal["taken", "refused", "later", "unknown"]
OK: Final = 250
_FOR_GOOD: Final = range(500, 600)


class Post(Protocol):
    """Something that takes mails; used as a context, opened and closed once a run.

    `at_once`: how many are written down as begun before they are handed over; more than one only where
    nothing leaves the machine, because after a crash only the last of them is known to be in doubt.
    """

    at_once: int

    def __enter__(self) -> Self:
        """Open; Unavailable when it cannot."""

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""

    def hand_over(self, *, return_path: str, to: str, message: bytes) -> Outcome:
        """Hand over one mail to one address.

        "refused": this address, for good; "later": not now; "unknown": the line broke after the text was
        sent, so it may be under way. Unavailable: surely not taken.
        """


class MailServer:
    """The mail server of the settings, over SMTP (RFC 5321); one line for a whole run."""

    at_once = 1

    def __init__(self) -> None:
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Connect, with TLS and a password where the settings say so."""
        try:
            self._line = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT)
            if settings.EMAIL_USE_TLS:
                self._line.starttls(context=ssl.create_default_context())
            if settings.EMAIL_HOST_USER:
                self._line.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        except (OSError, smtplib.SMTPException) as fault:
            raise Unavailable("the mail server does not answer or does not let us in") from fault
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye; the server may be gone already."""
        if self._line is not None:
            try:
                self._line.quit()
            except (OSError, smtplib.SMTPException):
                self._line.close()

    def hand_over(self, *, return_path: str, to: str, message: bytes) -> Outcome:
        """One mail; see `Post`."""
        line = self._line
        if line is None:
            raise Unavailable("no line to the mail server")
        try:
            line.ehlo_or_helo_if_needed()
            code, _ = line.mail(return_path)
            if code == OK:
                code, _ = line.rcpt(to)
                if code not in {OK, 251}:
                    line.rset()
                    return "refused" if code in _FOR_GOOD else "later"
            if code not in {OK, 251}:
                raise Unavailable("the mail server does not take mails from us")
        except (OSError, smtplib.SMTPServerDisconnected) as fault:
            raise Unavailable("the line to the mail server broke") from fault
        return _text(line, message)


def _text(line: smtplib.SMTP, message: bytes) -> Outcome:
    try:
        code, _ = line.data(message)
    except smtplib.SMTPDataError as fault:  # refused before a byte of the text left
        return "refused" if fault.smtp_code in _FOR_GOOD else "later"
    except (OSError, smtplib.SMTPException):
        return "unknown"
    if code == OK:
        return "taken"
    return "refused" if code in _FOR_GOOD else "later"


class Nowhere:
    """Takes every mail and sends none: for simulations; counts them."""

    at_once = 100

    def __init__(self) -> None:
        self.taken = 0

    def __enter__(self) -> Self:
        """Nothing to open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to close."""

    def hand_over(self, *, return_path: str, to: str, message: bytes) -> Outcome:
        """Taken."""
        self.taken += 1
        return "taken"
