"""The box that mails come back to: anybody may write to it, and nobody between may read it."""

from __future__ import annotations

import mailbox
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthspace.common.errors import Invalid, Unavailable
from healthspace.enrolment.actions import bounces
from healthspace.enrolment.adapters.mailbox import MOST_READ, Imap, Maildir
from healthspace.enrolment.rules import bounces as rules
from tests.factories import enrollees
from tests.factories.mail_server import Sink
from tests.rooms.test_enrolment_bounces import box, mailed, named, outside, report

__all__ = ["box", "outside"]
pytestmark = pytest.mark.usefixtures("as_worker")
HOSTILE = {
    "a quote that never ends": b'To: "\n\n',
    "an address cut in the middle": b"To: <@\n\n",
    "comments in comments": b"To: " + b"(" * 5000 + b"\n\n",
    "a type of brackets": b"Content-Type: multipart/report; " + b"(" * 5000 + b"\n\n",
    "addresses without end": b"To: " + b"a," * 100_000 + b"\n\n",
    "quotes without end": b"Content-Type: multipart/report; " + b'"=;' * 100_000 + b"\n\n",
    "folded lines without end": b"To: a\n" + b" b\n" * 200_000 + b"\n",
    "parts in parts": b"".join(
        b"Content-Type: multipart/report; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(2000)
    ),
    "mails in mails": b"Content-Type: message/rfc822\n\n" * 3000,
    "parts without end": b"Content-Type: multipart/report; boundary=b\n\n" + b"--b\n" * 200_000,
}


@pytest.mark.parametrize("message", HOSTILE.values(), ids=HOSTILE.keys())
def test_read_bounce__no_stranger_holds_the_others_back(outside: Sink, box: mailbox.Maildir, message: bytes) -> None:
    person = enrollees.adult()
    mailed(person)
    box.add(message)
    box.add(report(named(person)))
    done = bounces.read_box(Maildir(Path(box._path)))
    assert (done.failed, done.unclear) == (1, 1)
    begun = time.process_time()
    rules.read(message)
    assert time.process_time() - begun < 1


@given(st.binary(max_size=400), st.sampled_from([b"", b"Content-Type: multipart/report; boundary=b\n\n--b\n", b"To: "]))
def test_read_bounce__any_bytes_are_told(rest: bytes, start: bytes) -> None:
    assert rules.read(start + rest).kind in {"failed", "delayed", "delivered", "automatic", "unclear"}


def test_maildir__a_huge_mail_is_put_aside_whole_and_never_read_whole(tmp_path: Path) -> None:
    kept = mailbox.Maildir(tmp_path / "box", factory=None)
    kept.add(b"To: x\n\n" + b"a" * (2 * MOST_READ))
    ((_name, read),) = Maildir(tmp_path / "box").mails()
    assert len(read) == MOST_READ
    assert bounces.read_box(Maildir(tmp_path / "box")).unclear == 1
    (aside,) = [path for path in (tmp_path / "box" / ".unclear").rglob("*") if path.is_file() and path.stat().st_size]
    assert aside.stat().st_size > 2 * MOST_READ
    assert list(Maildir(tmp_path / "box").mails()) == []


def test_imap__a_line_that_breaks_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            line, _ = listening.accept()
            with line, line.makefile("rb") as asked:
                line.sendall(b"* OK ready\r\n")
                for told in asked:
                    tag, word = told.split()[:2]
                    if word.upper() == b"UID":
                        return  # in the middle of it
                    capable = b"* CAPABILITY IMAP4rev1\r\n" if word.upper() == b"CAPABILITY" else b""
                    line.sendall(capable + tag + b" OK done\r\n")

        threading.Thread(target=serve, daemon=True).start()
        reader = Imap(f"imap://bounces@127.0.0.1:{listening.getsockname()[1]}/INBOX", "secret")
        with pytest.raises(Unavailable):
            bounces.read_box(reader)


def test_imap__goes_in_clear_to_this_machine_only() -> None:
    with pytest.raises(Invalid):
        Imap("imap://bounces@mail.example.org/INBOX", "secret")


def test_imap__a_server_nobody_vouches_for_gets_no_password(tmp_path: Path) -> None:
    both = tmp_path / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-keyout", str(both), "-out", str(tmp_path / "certificate.pem")], check=True, capture_output=True,
    )  # fmt: skip
    context, heard = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), list[bytes]()
    context.load_cert_chain(tmp_path / "certificate.pem", both)

    def serve(listening: socket.socket) -> None:
        plain, _ = listening.accept()
        try:
            with context.wrap_socket(plain, server_side=True) as line:
                line.sendall(b"* OK ready\r\n")
                heard.append(line.recv(1000))
        except OSError:
            plain.close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listener = threading.Thread(target=serve, args=(listening,), daemon=True)
        listener.start()
        with pytest.raises(Unavailable):
            Imap(f"imaps://bounces@127.0.0.1:{listening.getsockname()[1]}/INBOX", "secret")
        listener.join(10)
    assert heard in ([], [b""])
