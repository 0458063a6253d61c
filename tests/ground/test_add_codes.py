"""`healthspace add account` gives the codes of the first sign-in, `add codes` new ones; never for a holder."""

from __future__ import annotations

import io
import re
import sys

import pytest

from healthspace.ops.commands import add
from healthspace.ops.faults import CannotRun
from healthspace.people import actions, reads
from tests import people
from tests.rooms.second_step import begun

CODE = re.compile(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b")


def said(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert add.main(list(words)) == 0
    return CODE.findall(capsys.readouterr().out)


def opens(login: str, code: str) -> bool:
    account = reads.account_by_login(login)
    assert account is not None
    attempt = begun(account.id)
    return actions.finish_second_step(attempt_id=attempt.id, method="paper", code=code).account is not None


@pytest.mark.parametrize("role", ["operator", "support"])
def test_account__comes_with_codes_and_new_ones_kill_them(role, capsys, monkeypatch):
    login = f"desk.{people.new_rpps()}"
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{people.PASSWORD}\n"))
    first = said(capsys, "account", login, "--as", role)
    assert len(set(first)) == 10
    assert opens(login, first[0])
    assert said(capsys, "account", login, "--as", role) == []
    second = said(capsys, "codes", login)
    assert len(set(second) | set(first)) == 20
    assert not opens(login, first[1])
    assert opens(login, second[0])


def test_codes__of_a_holder_or_of_nobody_are_refused(capsys):
    amina = people.amina()
    for login in (amina.login, f"nobody.{amina.login}"):
        with pytest.raises(CannotRun):
            add.main(["codes", login])
    assert reads.factors(amina.account_id).paper_left == 0


def test_codes__of_a_closed_account_are_refused():
    doctor = people.dr_nguyen()
    actions.close_account(account_id=doctor.account_id)
    with pytest.raises(CannotRun):
        add.main(["codes", doctor.login])
