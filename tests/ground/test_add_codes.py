"""`healthspace add account` gives the codes of the first sign-in, `add codes` new ones; never for a holder."""

from __future__ import annotations

import io
import re
import sys

import pytest

from healthspace.common.errors import Refused
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


@pytest.mark.parametrize("kind", ["support", "professional"])
def test_stop__whoever_left_has_no_way_in_any_more(kind, capsys):
    login = people.dr_nguyen().login if kind == "professional" else f"desk.{people.new_rpps()}"
    account = reads.account_by_login(login) or actions.create_account(login=login, password=people.PASSWORD, kind=kind)
    opened = actions.open_session(account_id=account.id, means="totp")
    assert add.main(["account", login, "--stop"]) == 0
    assert "every session of it is over" in capsys.readouterr().out
    assert not reads.is_session_alive(opened.id, account.id)
    assert actions.authenticate(login, people.PASSWORD).account is None
    with pytest.raises(Refused):
        actions.open_session(account_id=account.id, means="passkey")
    assert add.main(["account", login, "--stop"]) == 0
    assert "already" in capsys.readouterr().out
    with pytest.raises(CannotRun):
        add.main(["codes", login])


def test_stop__of_a_holder_or_of_nobody_is_refused():
    amina = people.amina()
    for login in (amina.login, f"nobody.{amina.login}"):
        with pytest.raises(CannotRun):
            add.main(["account", login, "--stop"])
    assert actions.authenticate(amina.login, amina.password).account is not None


def test_account__closed_is_not_told_as_there(monkeypatch):
    login = f"desk.{people.new_rpps()}"
    account = actions.create_account(login=login, password=people.PASSWORD, kind="support")
    actions.close_account(account_id=account.id)
    with pytest.raises(CannotRun):
        add.main(["account", login, "--as", "support"])


def test_codes__of_a_closed_account_are_refused():
    doctor = people.dr_nguyen()
    actions.close_account(account_id=doctor.account_id)
    with pytest.raises(CannotRun):
        add.main(["codes", doctor.login])
