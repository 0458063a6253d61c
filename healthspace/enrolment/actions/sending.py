"""Sending: the mails that are due, and the letters that were posted. For the worker's role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import partial
from typing import Final

from django.db import connection, transaction

from healthspace.common import clock, fault
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.enrolment.actions import adults, pool
from healthspace.enrolment.actions.informing import inform
from healthspace.enrolment.actions.mail_run import Report, Run, send_batch
from healthspace.enrolment.adapters.mail_out import MailServer, Post
from healthspace.enrolment.models import Batch
from healthspace.enrolment.rules import window

__all__ = ["Report", "posted", "send_mails"]

LOCK: Final = 0x5E4D
COUNTED: Final = ("sent", "refused", "in_doubt", "batches", "informed")
# A batch that a crash cut off is ended in any case, so that its people are told or free.
_DUE: Final = (
    "SELECT b.id FROM enrolment_batch b JOIN enrolment_wave w ON w.id = b.wave_id WHERE b.channel = 'mail'"
    " AND b.state = 'ready' AND (w.state = 'running' AND w.starts_on <= %s OR b.sent_up_to > 0)"
    " AND (w.id = %s OR %s::bigint IS NULL)"
    " ORDER BY w.starts_on, b.id"
)


def send_mails(
    wave_id: int | None = None,
    limit: int | None = None,
    *,
    post: Post | None = None,
    lines: int = 1,
    progress: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Hand over the mails of a wave (of all running waves) that are due, at most `limit`; what became of them.

    Several `lines` to the server are as many processes, each with batches of its own; with a limit there is one.
    `stopped` says why it ended early: "limit", "pace" (the day's mails are sent, or the wave was paused) or
    "server" (it takes nothing more from us); run it again later. Unavailable when the server does not
    answer at all. Several may run at once; nobody gets a mail twice.
    """
    due = _due(wave_id)
    if lines > 1 and limit is None and len(due) > 1:
        return _by_several(due, post or MailServer(), lines, progress)
    with post or MailServer() as line:
        run = Run(line, limit, progress)
        for batch_id in due:
            if run.left <= 0:
                run.report.stopped = "limit"
            if run.report.stopped in {"limit", "server"}:
                break
            with _alone(batch_id) as is_ours:
                if is_ours:
                    send_batch(run, batch_id)
    return run.report


def _by_several(due: list[int], post: Post, lines: int, progress: Callable[[Report], None]) -> Report:
    total = Report()

    def parts() -> Iterator[int]:
        for batch_id in due:
            if total.stopped != "server":
                yield batch_id

    def note(told: Report) -> None:
        for name in COUNTED:
            setattr(total, name, getattr(total, name) + getattr(told, name))
        total.stopped = total.stopped if total.stopped == "server" else told.stopped
        progress(total)

    pool.run(parts(), partial(_one, post), processes=lines, done=note)
    return total


def _one(post: Post, batch_id: int) -> Report:
    with post as line, _alone(batch_id) as is_ours:
        run = Run(line, None, lambda report: None)
        if is_ours:
            send_batch(run, batch_id)
    return run.report


def _due(wave_id: int | None) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [clock.today(), wave_id, wave_id])
        return [row[0] for row in cursor.fetchall()]


@contextmanager
def _alone(batch_id: int) -> Iterator[bool]:
    """Hold a batch for this session; False when another session has it, or has just sent it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, batch_id])
        is_held = bool(cursor.fetchone()[0])
    try:
        yield is_held and Batch.objects.filter(id=batch_id, state="ready").exists()
    finally:
        if is_held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, batch_id])


def posted(batch_id: int, on: date) -> int:
    """The letters of a printed batch went to the post on this day; how many people are informed.

    The window runs from that day's midnight, and never ends before the day that was printed. Safe to tell
    twice; Conflict for a batch that was not printed, or told with another day, Invalid for a day to come, or
    before the letters were made.
    """
    if on > clock.today():
        raise Invalid("on", "ENR-3", "This day has not come yet.", "Tell the posting once it was done.")
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).filter(id=batch_id, channel="post").first()
        if batch is None:
            raise Refused("ABSENT")
        sent_at = _midnight(on)
        if batch.state == Batch.State.SENT and batch.sent_at == sent_at:
            return 0
        if batch.state != Batch.State.READY:
            raise Conflict(f"a batch that is {batch.state} was not waiting for the post")
        if on < batch.made_at.astimezone(window.PARIS).date():
            raise Invalid("on", "ENR-3", "These letters were not made yet on this day.", "Tell the day they left.")
        adults.leave(batch.id, on=on)
        informed = inform(batch, sent_at=sent_at, deadline_at=window.deadline(max(on, batch.planned_on or on)))
        fault.point("posted.before_commit")
    fault.point("posted.after_commit")
    return informed


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), window.PARIS)
