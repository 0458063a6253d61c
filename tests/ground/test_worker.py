"""The worker goes on with its other jobs when one of them fails."""

from __future__ import annotations

from threading import Event

from healthspace.common.errors import Unavailable
from healthspace.ops.commands.worker import Turn, _take
from healthspace.ops.schedule import Job


def failing() -> int:
    raise Unavailable("the store of documents is full")


def test_take__a_job_that_fails_waits_its_turn_again() -> None:
    turn = Turn(Job("file what waited", 60, failing))
    assert _take(turn, Event()) is False
    assert turn.due_at > 0
