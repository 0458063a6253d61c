"""Debian's Postfix and Dovecot on loopback ports, as the test's own processes in a folder of its own.

Postfix hands mails on to the server the test names, makes real delivery status notifications (RFC 3464)
when that one refuses, and puts them into a Maildir; Dovecot shows the same Maildir over IMAP.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import live

DOMAIN = "healthspace.example"
PASSWORD = "box-of-returns"
OWNER = 65534  # nobody
SERVICES = {
    "pickup": "unix n - n 60 1 pickup", "cleanup": "unix n - n - 0 cleanup", "qmgr": "unix n - n 300 1 qmgr",
    "rewrite": "unix - - n - - trivial-rewrite", "bounce": "unix - - n - 0 bounce", "defer": "unix - - n - 0 bounce",
    "trace": "unix - - n - 0 bounce", "verify": "unix - - n - 1 verify", "flush": "unix n - n 1000? 0 flush",
    "proxymap": "unix - - n - - proxymap", "smtp": "unix - - n - - smtp", "relay": "unix - - n - - smtp",
    "error": "unix - - n - - error", "retry": "unix - - n - - error", "discard": "unix - - n - - discard",
    "virtual": "unix - n n - - virtual", "anvil": "unix - - n - 1 anvil", "scache": "unix - - n - 1 scache",
    "tlsmgr": "unix - - n 1000? 1 tlsmgr", "postlog": "unix-dgram n - n - 1 postlogd",
}  # fmt: skip


@dataclass(frozen=True)
class Office:
    """Where to send, and where what came back lies."""

    smtp_port: int
    imap_port: int
    box: Path
    log: Path

    def wait(self, count: int, seconds: float = 20) -> None:
        """Until this many mails lie in the box."""
        until = time.monotonic() + seconds
        while len(list((self.box / "new").glob("*"))) < count:
            assert time.monotonic() < until, self.log.read_text(errors="replace")[-3000:]
            time.sleep(0.1)


def require() -> None:
    """Leave the test out, in a plain sentence, where the two programs cannot run."""
    missing = [
        name for name in ("postfix", "dovecot") if not shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    ]
    if missing:
        pytest.skip(f"left out: the mail server's real bounces ({' and '.join(missing)} not installed)")
    if os.geteuid() != 0:
        pytest.skip("left out: the mail server's real bounces (postfix starts as root only)")


@contextmanager
def post_office(next_port: int) -> Iterator[Office]:
    """Running while the block runs; mails for other domains go on to `next_port`."""
    require()
    folder = Path(tempfile.mkdtemp(prefix="healthspace-post-"))
    folder.chmod(0o755)
    office = Office(live.free_port(), live.free_port(), folder / "mail" / "box", folder / "postfix.log")
    (folder / "mail").mkdir()
    os.chown(folder / "mail", OWNER, OWNER)
    _postfix(folder, office, next_port)
    conf = _dovecot(folder, office)
    subprocess.run(["/usr/sbin/postfix", "-c", folder / "postfix", "start"], check=True, capture_output=True)
    imap = subprocess.Popen(
        ["/usr/sbin/dovecot", "-F", "-c", conf], stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )
    try:
        for port in (office.smtp_port, office.imap_port):
            _until_open(port, folder)
        yield office
    finally:
        imap.terminate()
        imap.wait(10)
        subprocess.run(["/usr/sbin/postfix", "-c", folder / "postfix", "stop"], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def _postfix(folder: Path, office: Office, next_port: int) -> None:
    conf = folder / "postfix"
    for name in ("postfix", "queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    lines = {
        "compatibility_level": "3.6", "queue_directory": folder / "queue", "data_directory": folder / "data",
        "command_directory": "/usr/sbin", "daemon_directory": "/usr/lib/postfix/sbin",
        "mail_owner": "postfix", "setgid_group": "postdrop", "myhostname": f"mx.{DOMAIN}", "mydestination": "",
        "local_recipient_maps": "", "alias_maps": "", "alias_database": "", "recipient_delimiter": "+",
        "virtual_mailbox_domains": DOMAIN, "virtual_mailbox_base": folder / "mail",
        "virtual_mailbox_maps": "static:box/", "virtual_uid_maps": f"static:{OWNER}",
        "virtual_gid_maps": f"static:{OWNER}", "virtual_minimum_uid": "1", "inet_interfaces": "127.0.0.1",
        "inet_protocols": "ipv4", "mynetworks": "127.0.0.0/8", "relayhost": f"[127.0.0.1]:{next_port}",
        "smtpd_relay_restrictions": "permit_mynetworks, reject", "maillog_file": office.log,
        "maillog_file_prefixes": folder, "smtp_tls_security_level": "none", "biff": "no",
    }  # fmt: skip
    (conf / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in lines.items()))
    listen = f"127.0.0.1:{office.smtp_port} inet n - n - - smtpd\n"
    (conf / "master.cf").write_text(listen + "".join(f"{name} {rest}\n" for name, rest in SERVICES.items()))


def _dovecot(folder: Path, office: Office) -> Path:
    (folder / "dovecot").mkdir()
    conf = folder / "dovecot.conf"
    conf.write_text(f"""
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/dovecot/run
state_dir = {folder}/dovecot
log_path = {folder}/dovecot.log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{office.box}
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={OWNER} gid={OWNER} home={folder}/mail
}}
service imap-login {{
  inet_listener imap {{
    port = {office.imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
""")
    return conf


def _until_open(port: int, folder: Path) -> None:
    until = time.monotonic() + 15
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            logs = "\n".join(path.read_text(errors="replace")[-2000:] for path in folder.glob("*.log"))
            assert time.monotonic() < until, logs
            time.sleep(0.1)
