"""kill -9 of one of several lines to the mail server: the others' mails stand, and nobody is told twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from healthspace.enrolment.actions import batches
from healthspace.enrolment.rules import sending as rules
from tests.factories import enrollees
from tests.factories.mail_server import Sink, sink
from tests.verify.test_kill_sending import ADULTS, broken, crowd, run

pytestmark = pytest.mark.usefixtures("as_worker")


@pytest.fixture
def server() -> Iterator[Sink]:
    with sink() as kept:
        yield kept


@pytest.mark.parametrize("label", ["sending.after_reserve", "sending.after_mail", "sending.before_commit"])
def test_inform__one_of_two_lines_killed_tells_nobody_twice(
    server: Sink, owner_connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    wave_id, name, adults, everybody = crowd()
    monkeypatch.setattr(rules, "MAIL_LETTERS", 2)
    assert batches.draft(wave_id).batches > 2
    command = ("inform", name, "--lines", "2")
    with pytest.raises(AssertionError, match="a process of this command ended"):
        run(server, *command, fault=label)
    assert run(server, *command) == 0
    mails = Counter(to for _, to, _ in server.mails)
    in_doubt = [one for one in adults if enrollees.row(one.person_id).channel == "post"]
    assert max(mails.values()) == 1
    assert len(in_doubt) <= 2  # one a line
    assert sum(mails[one.identity.email] for one in adults) >= ADULTS - len(in_doubt)
    assert run(server, *command) == 0
    assert broken(owner_connection, wave_id, everybody) == []
