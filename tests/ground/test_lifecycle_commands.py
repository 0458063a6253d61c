"""The operator's commands about the end of a space: what they say and how they end."""

from __future__ import annotations

from uuid import uuid4

import pytest

from healthspace.ops.commands import destroy_due, replay_ledger, suspend
from healthspace.ops.faults import CannotRun
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
        assert replay_ledger.main([]) == 0
    assert "spaces went on" in capsys.readouterr().out
