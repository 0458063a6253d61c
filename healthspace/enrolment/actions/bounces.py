"""Mails that came back: read from their box, each told once (T3). For the worker's role."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from healthspace.common import fault
from healthspace.common.errors import Invalid
from healthspace.enrolment.actions import mail_run, undelivered
from healthspace.enrolment.adapters.mailbox import Box
from healthspace.enrolment.rules import bounces


@dataclass(slots=True)
class Report:
    """What was in the box: undelivered (of which now by post, unreachable, too late), and everything else."""

    failed: int = 0
    by_post: int = 0
    unreachable: int = 0
    late: int = 0
    known: int = 0
    ignored: int = 0
    unclear: int = 0


def read_box(box: Box, *, progress: Callable[[Report], None] = lambda report: None) -> Report:
    """Read every mail of the box: who was not reached gets a letter; answers and delays change nothing.

    A mail is removed once what it says is written; what nobody can tell is put aside for a person. Reading
    the same mail again after a stop changes nothing.
    """
    report = Report()
    try:
        for name, message in box.mails():
            if _take(message, report):
                box.remove(name)
            else:
                box.put_aside(name)
            progress(report)
    finally:
        box.close()
    return report


def _take(message: bytes, report: Report) -> bool:
    """False: a person must look at it."""
    notice = bounces.read(message)
    if notice.kind in {"delayed", "delivered", "automatic"}:
        report.ignored += 1
        return True
    if notice.kind == "unclear" or notice.sent is None or not is_ours(notice.sent.reference, notice.sent.mark):
        report.unclear += 1
        return False
    try:
        batch_id, place = notice.sent.place
    except Invalid:
        report.unclear += 1
        return False
    outcome = undelivered.note(batch_id, place, way="bounced")
    fault.point("bounces.before_remove")
    report.failed += 1
    report.by_post += outcome == "again_by_post"
    report.unreachable += outcome == "unreachable"
    report.late += outcome == "late"
    report.known += outcome in {"known", "answered"}
    return True


def is_ours(reference: str, mark: str) -> bool:
    """True if we sent the mail of this reference; a bounce that somebody invents has no such mark."""
    return hmac.compare_digest(mail_run.mark(reference).encode(), mark.encode())
