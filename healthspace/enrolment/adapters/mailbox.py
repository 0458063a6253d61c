"""The box that undelivered mails come back to: a Maildir folder, or a mailbox over IMAP (RFC 9051)."""

from __future__ import annotations

import imaplib
import mailbox
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import unquote, urlsplit

from healthspace.common.errors import Invalid, Unavailable
from healthspace.enrolment.rules.bounces import LARGEST_BYTES

TIMEOUT: Final = 30
# One byte more than what is looked at says that a mail is too large; the rest of it never comes into memory.
MOST_READ: Final = LARGEST_BYTES + 1
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Box(Protocol):
    """Mails to read; each is either done with (removed) or put aside for a person (never read again)."""

    def mails(self) -> Iterator[tuple[str, bytes]]:
        """Name and text, no more than `MOST_READ` bytes of it, of each mail that was not put aside."""

    def remove(self, name: str) -> None:
        """Done with it."""

    def put_aside(self, name: str) -> None:
        """Leave it for a person."""

    def close(self) -> None:
        """End; what was removed is gone."""


class Maildir:
    """A Maildir; what is put aside goes into its subfolder "unclear"."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
            raise Invalid(
                "maildir", "BOX", "This folder is no Maildir.", "Name the folder that holds cur, new and tmp."
            )
        self._box, self._folder = mailbox.Maildir(folder, factory=None, create=False), folder

    def _file(self, name: str) -> Path:
        """Where this mail lies; KeyError when it is gone."""
        return self._folder / self._box._lookup(name)  # type: ignore[attr-defined,no-any-return]

    def mails(self) -> Iterator[tuple[str, bytes]]:
        """In no order."""
        for name in self._box.keys():  # noqa: SIM118 - not a mapping
            try:
                with self._file(name).open("rb") as mail:
                    yield name, mail.read(MOST_READ)
            except (KeyError, FileNotFoundError):  # another reader was faster
                continue

    def remove(self, name: str) -> None:
        """Delete the file."""
        self._box.discard(name)

    def put_aside(self, name: str) -> None:
        """Move the file."""
        self._box.add_folder("unclear")
        found = self._file(name)
        found.rename(self._folder / ".unclear" / "cur" / found.name)

    def close(self) -> None:
        """Nothing to do."""
        self._box.close()


class Imap:
    """A mailbox over IMAP: `imaps://user@host:port/folder` (imap: without TLS, for loopback)."""

    def __init__(self, address: str, password: str) -> None:
        asked = urlsplit(address)
        if asked.scheme not in {"imap", "imaps"} or not asked.hostname or not asked.username:
            raise Invalid("imap", "BOX", "This is no mailbox.", "Write imaps://user@host/INBOX.")
        if asked.scheme == "imap" and asked.hostname not in LOOPBACK:
            raise Invalid("imap", "BOX", "The password would go over the network in clear.", "Write imaps:// instead.")
        try:
            if asked.scheme == "imaps":
                vouched = ssl.create_default_context()  # the library's own default asks for no certificate
                line: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                    asked.hostname, asked.port or 993, ssl_context=vouched, timeout=TIMEOUT
                )
            else:
                line = imaplib.IMAP4(asked.hostname, asked.port or 143, timeout=TIMEOUT)
            line.login(unquote(asked.username), password)
            self._line = line
            self._told(line.select(asked.path.strip("/") or "INBOX"))
        except (OSError, imaplib.IMAP4.error) as fault:
            raise Unavailable("the mailbox does not answer or does not let us in") from fault

    def mails(self) -> Iterator[tuple[str, bytes]]:
        """By their lasting numbers (UID), oldest first."""
        found = self._ask("SEARCH", "UNDELETED", "UNFLAGGED")
        for uid in _words(found):
            parts = self._ask("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{MOST_READ}>)")
            for part in parts:
                if isinstance(part, tuple):
                    yield uid.decode(), part[1]

    def remove(self, name: str) -> None:
        """Mark as deleted; gone at the end."""
        self._ask("STORE", name, "+FLAGS", r"(\Deleted)")

    def put_aside(self, name: str) -> None:
        """Mark as flagged."""
        self._ask("STORE", name, "+FLAGS", r"(\Flagged)")

    def close(self) -> None:
        """Remove what is marked, and leave."""
        try:
            self._line.close()
            self._line.logout()
        except (OSError, imaplib.IMAP4.error):
            self._line.shutdown()

    def _ask(self, *words: str) -> list[bytes | tuple[bytes, bytes] | None]:
        """`Unavailable` when the line breaks; the next run goes on with what is left."""
        try:
            return self._told(self._line.uid(*words))
        except (OSError, imaplib.IMAP4.error) as fault:
            raise Unavailable("the mailbox does not answer any more") from fault

    @staticmethod
    def _told(answer: tuple[str, Any]) -> list[bytes | tuple[bytes, bytes] | None]:
        status, found = answer
        if status != "OK":
            raise Unavailable("the mailbox refused what was asked")
        return list(found)


def _words(found: list[bytes | tuple[bytes, bytes] | None]) -> list[bytes]:
    return [word for one in found if isinstance(one, bytes) for word in one.split()]
