"""What tests of the second step share: mails read, codes found, app codes made."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.core import mail
from django.db import connection

from healthspace.common import clock
from healthspace.people import actions, reads, rules

WRONG = "00000000"


def mails_to(address: str) -> list[str]:
    """The bodies of mails to this address, oldest first."""
    return [one.body for one in mail.outbox if one.to == [address]]


def code_in(body: str) -> str:
    """The code in a mail: it stands on a line of its own."""
    [code] = re.findall(r"^\d{8}$", body, re.MULTILINE)
    return str(code)


def mailed(attempt: reads.Attempt, address: str) -> str:
    """Have a code mailed for this attempt and read it."""
    actions.send_code(attempt_id=attempt.id, method="email")
    return code_in(mails_to(address)[-1])


def begun(account_id: UUID, email: str = "", phone: str = "") -> reads.Attempt:
    """A second step of this account."""
    return actions.begin_second_step(account_id=account_id, channels=rules.Channels(email, phone))


def with_app(account_id: UUID) -> bytes:
    """An authenticator app set up for this account: its secret."""
    setup = actions.begin_totp(account_id)
    secret = parse_qs(urlsplit(setup.uri).query)["secret"][0]
    raw = base64.b32decode(secret)
    assert actions.confirm_totp(account_id, app_code(raw))
    return raw


def app_code(secret: bytes, steps: int = 0) -> str:
    """What the app shows now, or some steps from now."""
    return rules.totp_code(secret, rules.totp_step(clock.now()) + steps)


def at_once(work: Callable[[], Any], times: int) -> list[Any]:
    """What this work says when so many threads do it at the same moment."""
    said: list[Any] = []

    def one() -> None:
        try:
            said.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said
