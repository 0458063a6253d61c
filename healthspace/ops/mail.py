"""The demo's own mail server: takes mails by SMTP on loopback, keeps them as files; nothing leaves the machine."""

import re
import signal
import sys
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from itertools import count
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

DIGITS = re.compile(r"\b(\d{4}) ?(\d{4})\b")


class Keep:
    """Writes each mail into a folder, in the order they came."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - name given by aiosmtpd
        """One mail."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        path = self.folder / f"{stamp}-{next(self.numbers):06d}.eml"
        fresh = path.with_suffix(".new")
        fresh.write_bytes(envelope.original_content or b"")
        fresh.rename(path)
        if told := code_of(envelope.original_content or b""):
            print(told, flush=True)  # noqa: T201 - the demo's screen, so that its people can sign in
        return "250 kept"


def code_of(mail: bytes) -> str:
    """The line for the screen when a mail brings a code of eight digits; "" for any other mail."""
    message = message_from_bytes(mail, policy=default)
    body = message.get_body(("plain",))
    found = DIGITS.search(body.get_content()) if body else None
    return f"Code for {message['To']}: {found[1]}{found[2]}" if found else ""


def main(host: str, port: str, folder: str) -> None:
    """Serve until asked to end."""
    Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    asked = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, asked)
    controller = Controller(Keep(Path(folder)), hostname=host, port=int(port))
    controller.start()
    signal.sigwait(asked)
    controller.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
