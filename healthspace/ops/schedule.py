"""The one list of timed jobs."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from healthspace.access.actions import contacts, reminders
from healthspace.audit import tasks as audit
from healthspace.documents import tasks as documents
from healthspace.documents.actions import copying
from healthspace.enrolment import tasks as enrolment
from healthspace.journeys import destroy, export_space, family, reopen, sweeping
from healthspace.outbox import dispatcher
from healthspace.people import actions as people
from healthspace.people import rules
from healthspace.people.actions import providers
from healthspace.spaces import actions as spaces
from healthspace.support import tasks as support

FACTS_AT_ONCE = 50
LINES_AT_ONCE = 2000
MASS_LINES_AT_ONCE = 10_000
NEVER_AT_ONCE = 1_000_000_000


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
        Job("reopen what is asked for", 1, reopen.reopen_asked, reopen.AT_ONCE),
        Job("destroy what is due", 60, destroy.destroy_due, destroy.AT_ONCE),
        Job("ask witnesses", 20, audit.ask_witnesses_once),
        Job("file what waited for the scanner", 60, documents.release_once),
        Job("open spaces whose six weeks are over", 60, enrolment.open_some),
        Job("count for the operator", 60 * settings.COUNT_MINUTES, enrolment.count_once, NEVER_AT_ONCE),
        Job("forget secrets of batches", 3600, enrolment.forget_secrets, NEVER_AT_ONCE),
        Job("tell who came of age themselves", 24 * 3600, enrolment.come_of_age, NEVER_AT_ONCE),
        Job("ask who still wants their helpers", 24 * 3600, reminders.ask_again_due, reminders.AT_ONCE),
        Job("tell who comes of age", 24 * 3600, family.tell_who_comes_of_age, NEVER_AT_ONCE),
        Job("look after waves", 3600, enrolment.tend_waves),
        Job("apply changes of contact", 60, contacts.apply_due_contacts, 100),
        Job("forget ended changes of contact", 3600, spaces.forget_old_contacts, 1000),
        Job("erase questions of last year", 3600, support.erase_old_tickets, 200),
        Job("make copies of spaces", 5, export_space.make_due),
        Job("remove copies of last week", 600, copying.remove_expired),
        Job("sweep orphans", 3600, sweeping.sweep_once),
        Job("forget told facts", 3600, dispatcher.forget_done),
        Job("forget old sessions", 24 * 3600, people.forget_old_sessions, rules.GONE_AT_ONCE),
        Job("forget old wrong tries", 3600, people.forget_old_tries),
        Job("forget second steps that are over", 3600, people.forget_old_steps, rules.GONE_AT_ONCE),
        Job("watch sign-ins", 60, people.watch_sign_ins, NEVER_AT_ONCE),
        Job("forget used proofs and ended tokens", 3600, people.forget_spent, NEVER_AT_ONCE),
        Job("forget answers of identity providers", 3600, providers.forget_old_attempts, NEVER_AT_ONCE),
    )
