"""The demo's own mail server: takes mails by SMTP on loopback, keeps them as files; nothing leaves the machine."""

import signal
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


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
        return "250 kept"


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
