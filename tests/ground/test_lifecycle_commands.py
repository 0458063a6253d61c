"""The operator's commands about the end of a space: what they say and how they end."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, ProgrammingError

from healthspace.common.errors import Refused
from healthspace.enrolment.actions import cases as acts
from healthspace.enrolment.actions.cases import open_once
from healthspace.ops.commands import cases, destroy_due, letters, numbers, open_due, replay_ledger, suspend
from healthspace.ops.faults import CannotRun
from healthspace.ops.told import in_words
from tests import people
from tests.roles import as_the_worker
from tests.rooms.test_spaces import state_of


def test_suspend__suspends_and_gives_back(capsys: pytest.CaptureFixture[str]) -> None:
    amina = people.amina()
    assert suspend.main([str(amina.person_id)]) == 0
    assert state_of(amina.person_id).state == "suspended"
    with pytest.raises(CannotRun):
        suspend.main([str(amina.person_id)])
    assert suspend.main([str(amina.person_id), "--lift"]) == 0
    assert state_of(amina.person_id).state == "active"
    with pytest.raises(CannotRun):
        suspend.main([str(amina.person_id), "--lift"])
    with pytest.raises(CannotRun):
        suspend.main([str(uuid4())])
    assert "six weeks" in capsys.readouterr().out


def test_destroy_due_and_replay__with_nothing_to_do_end_well(capsys: pytest.CaptureFixture[str]) -> None:
    with as_the_worker():
        assert destroy_due.main([]) == 0
        assert replay_ledger.main(["--add-missing"]) == 0  # other tests have ledgers of their own
        assert replay_ledger.main([]) == 0
    assert "spaces went on" in capsys.readouterr().out


def test_commands__answer_as_json_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with as_the_worker():
        for command, words in (
            (destroy_due, []), (open_due, ["--connections", "1"]), (numbers, []), (letters, [str(tmp_path)]),
        ):  # fmt: skip
            command.main([*words, "--json"])
            json.loads(capsys.readouterr().out)


def test_cases__are_listed_and_settled_once(capsys: pytest.CaptureFixture[str]) -> None:
    amina = people.amina()
    with as_the_worker():
        open_once([amina.person_id], kind="unreachable")
        assert cases.main(["--limit", "100000"]) == 0
        (line,) = [line for line in capsys.readouterr().out.splitlines() if str(amina.person_id) in line]
        number = line.split()[0]
        assert cases.main(["--settle", number, "--outcome", "new address"]) == 0
        with pytest.raises(CannotRun, match="no such open case"):
            cases.main(["--settle", number, "--outcome", "again"])
        with pytest.raises(CannotRun, match="24"):
            cases.main(["--settle", number, "--outcome", "x" * 25])
        with pytest.raises(Refused):
            acts.settle(actor=people.paul().actor, case_id=UUID(number), outcome="mine")
        capsys.readouterr()
        cases.main(["--limit", "100000"])
    assert str(amina.person_id) not in capsys.readouterr().out


def test_in_words__says_what_an_operator_can_mend() -> None:
    full = OperationalError("could not extend file: No space left on device")
    for fault, words in ((full, "disk"), (OperationalError("gone"), "went away"), (ProgrammingError("x"), "migrate")):
        with pytest.raises(CannotRun, match=words), in_words():
            raise fault
