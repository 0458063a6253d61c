"""The one list of timed jobs."""

from collections.abc import Callable
from dataclasses import dataclass

from healthspace.audit import tasks as audit
from healthspace.documents import tasks as documents
from healthspace.outbox import dispatcher
from healthspace.people import actions as people

FACTS_AT_ONCE = 50
LINES_AT_ONCE = 2000
MASS_LINES_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Job:
    """What is done and how often; `work` says how much it did, and is called again at once after a full batch.

    Batches cost less than single turns: a journal under load is sequenced a second's worth at a time.
    """

    name: str
    every_seconds: float
    work: Callable[[], int]
    batch: int = 1


def jobs() -> tuple[Job, ...]:
    """All of them."""
    return (
        Job("tell facts", 0.5, lambda: dispatcher.run_once(FACTS_AT_ONCE), FACTS_AT_ONCE),
        Job("sequence the journal", 1, lambda: audit.sequence_once(LINES_AT_ONCE, MASS_LINES_AT_ONCE), LINES_AT_ONCE),
        Job("ask witnesses", 20, audit.ask_witnesses_once),
        Job("file what waited for the scanner", 60, documents.release_once),
        Job("sweep orphans", 3600, documents.sweep_once),
        Job("forget told facts", 3600, dispatcher.forget_done),
        Job("forget old wrong tries", 3600, people.forget_old_tries),
    )
