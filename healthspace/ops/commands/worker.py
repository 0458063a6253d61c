"""The worker: tells facts from the outbox, sequences the journal, sweeps what nobody names."""

import logging
import os
import signal
import time
from dataclasses import dataclass
from threading import Event

from django.db import Error, connection

from healthspace.common.errors import HealthspaceError
from healthspace.ops import schedule
from healthspace.vault import actions as vault

log = logging.getLogger("healthspace.worker")
IDLE_SECONDS = 0.5
AFTER_FAULT_SECONDS = 2.0


@dataclass(slots=True)
class Turn:
    """A timed job and when it is due again."""

    job: schedule.Job
    due_at: float = 0.0


def main(arguments: list[str]) -> int:
    """Work until asked to end; the job in hand is finished first."""
    ended = Event()
    os.nice(5)  # people and machines at the doors come first
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    vault.prepare_keys()
    vault.prepare_archive()
    turns = [Turn(job) for job in schedule.jobs()]
    while not ended.is_set():
        is_busy = [_take(turn, ended) for turn in turns if turn.due_at <= time.monotonic()]
        if not any(is_busy):
            ended.wait(IDLE_SECONDS)
    return 0


def _take(turn: Turn, ended: Event) -> bool:
    """One turn; what fails is met again a little later, and stops none of the other jobs."""
    job = turn.job
    try:
        done = job.work()
    except Error as fault:
        log.warning("a job met a database fault", extra={"task": job.name, "kind": type(fault).__name__})
        connection.close()
        ended.wait(AFTER_FAULT_SECONDS)
        return False
    except (HealthspaceError, ValueError, OSError) as fault:  # no job may keep the journal from its tree
        log.error("a job failed", extra={"task": job.name, "kind": type(fault).__name__})
        turn.due_at = time.monotonic() + max(job.every_seconds, AFTER_FAULT_SECONDS)
        return False
    is_full = done >= job.batch
    turn.due_at = 0.0 if is_full else time.monotonic() + job.every_seconds
    return is_full
