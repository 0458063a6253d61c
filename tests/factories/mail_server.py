"""A mail server on loopback that takes real SMTP, and refuses whom the test tells it to."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests import live


@dataclass
class Sink:
    """What came in: (return path, address, mail); what to answer to an address instead of 250."""

    mails: list[tuple[str, str, EmailMessage]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    answer_all: str = ""
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - name given by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, self.answer_all)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        found = email.message_from_bytes(content, EmailMessage, policy=email.policy.default)
        self.mails.append((envelope.mail_from or "", envelope.rcpt_tos[0], found))
        return "250 kept"

    def to(self, address: str) -> list[tuple[str, EmailMessage]]:
        """Return path and mail of each that went to this address."""
        return [(path, mail) for path, to, mail in self.mails if to == address]


@contextmanager
def sink() -> Iterator[Sink]:
    """Listening while the block runs; settings EMAIL_HOST and EMAIL_PORT are the caller's to set."""
    kept = Sink(port=live.free_port())
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()
