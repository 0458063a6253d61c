"""Commands about help at a desk: a helper is added, renewed, taken back; scanned forms are carried out."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest

from healthspace.access import reads as access
from healthspace.common import clock
from healthspace.demo import helper
from healthspace.journeys import printing
from healthspace.ops.commands import add, forms
from healthspace.ops.faults import CannotRun
from healthspace.people import reads as directory
from tests import people
from tests.roles import as_the_worker

Capture = pytest.CaptureFixture[str]
UNTIL = (clock.today() + timedelta(days=90)).isoformat()


def added(login: str, finess: str, *more: str, password: str = "", patch: pytest.MonkeyPatch) -> int:
    patch.setattr("sys.stdin", io.StringIO(password + "\n"))
    return add.main(["assistant", login, "Fatou Diallo", "--institution", finess, *more])


def test_add_assistant__makes_renews_and_takes_back(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = people.structure("France Services de Rivemont", "SA41", "")
    login = f"fatou.{desk.finess}"
    added(login, desk.finess, "--until", UNTIL, password=people.PASSWORD, patch=monkeypatch)
    account = directory.account_by_login(login)
    assert account is not None and (account.kind, account.institution_id) == ("assistant", desk.id)
    assert access.certified_name(account.id) == "Fatou Diallo"
    assert f"Fatou Diallo can help people at France Services de Rivemont until {UNTIL}." in capsys.readouterr().out
    added(login, desk.finess, "--revoke", patch=monkeypatch)
    assert access.certified_name(account.id) == ""
    added(login, desk.finess, "--until", UNTIL, patch=monkeypatch)
    assert access.certified_name(account.id) == "Fatou Diallo"


def test_add_assistant__wrong_calls_are_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, other = people.structure("Un guichet", "SA41", ""), people.structure("Un autre", "SA41", "")
    amina, login = people.amina(), f"fatou.{desk.finess}"
    calls = {
        "No active institution": (login, "999999999", "--until", UNTIL),
        "This is no day|invalid day|no day": (login, desk.finess, "--until", "soon"),
        "This day has passed": (login, desk.finess, "--until", "2020-01-01"),
        "somebody else's": (amina.login, desk.finess, "--until", UNTIL),
        "no helper of this login": (f"nobody.{desk.finess}", desk.finess, "--revoke"),
        "one of the arguments|required": (login, desk.finess),
    }
    for said, (who, finess, *more) in calls.items():
        with pytest.raises(CannotRun, match=said):
            added(who, finess, *more, password=people.PASSWORD, patch=monkeypatch)
    added(login, other.finess, "--until", UNTIL, password=people.PASSWORD, patch=monkeypatch)
    with pytest.raises(CannotRun, match="somebody else's"):
        added(login, desk.finess, "--until", UNTIL, patch=monkeypatch)


def test_forms__carries_out_a_folder_and_says_what_needs_a_person(tmp_path: Path, capsys: Capture) -> None:
    amina = people.amina()
    content = printing.form(actor=amina.actor, person_id=amina.person_id, kind="emergency_no", language="en")
    with pypdfium2.PdfDocument(content) as document:
        document[0].render(scale=200 / 72, grayscale=True).to_pil().save(tmp_path / "scan0001.png")
    (tmp_path / "scan0002.pdf").write_bytes(b"%PDF-1.7 nothing")
    with as_the_worker():
        assert forms.main(["--signed", str(tmp_path), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["done"], report["faults"]) == (1, [["scan0002.pdf", 1, "unreadable"]])
    with as_the_worker():
        assert forms.main(["--signed", str(tmp_path)]) == 0
    assert "0 forms carried out" in capsys.readouterr().out
    with pytest.raises(CannotRun, match="is not a folder"):
        forms.main(["--signed", str(tmp_path / "nowhere")])


def test_demo__has_a_desk_and_its_helper_however_often_it_starts() -> None:
    for _start in range(2):
        helper.settle(people.PASSWORD)
    account = directory.account_by_login(helper.LOGIN)
    assert account is not None and account.institution_id is not None
    assert directory.institution(account.institution_id).name == "France Services de Rivemont"
    assert access.certified_name(account.id) == "Fatou Diallo"
