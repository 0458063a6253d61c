"""One batch of mails: each handed over once at most, whatever dies when. For the worker's role.

The place of a mail is written down before it is handed over; the one after a crash that may or may not
have left is never sent again. A batch ends with its last mail, or where a pause, the day's pace, a limit
or the server ends it: whoever was not reached then waits for another batch.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final, Literal

from django.conf import settings
from django.db import connection, transaction

from healthspace.common import clock, fault
from healthspace.common.errors import Unavailable
from healthspace.enrolment.actions import adults, batch_secrets, undelivered
from healthspace.enrolment.actions.informing import inform
from healthspace.enrolment.adapters import wording
from healthspace.enrolment.adapters.letter_order import Edition
from healthspace.enrolment.adapters.mail_out import Outcome, Post
from healthspace.enrolment.models import Batch
from healthspace.enrolment.reads import letters
from healthspace.enrolment.reads.letters import Composed
from healthspace.enrolment.rules import sending, window
from healthspace.vault import reads as vault

# No mail was made: whoever it was for answered since the draft, or the register took the address back.
Unsent = Literal["answered", "no_address"]
_PACE: Final = (
    "UPDATE enrolment_wave SET sent_that_day = CASE WHEN day_on = %(day)s THEN sent_that_day + %(mails)s ELSE %(mails)s"
    " END,"
    " day_on = %(day)s WHERE id = %(wave)s AND state = 'running' AND starts_on <= %(day)s"
    " AND (per_day IS NULL OR day_on IS DISTINCT FROM %(day)s OR sent_that_day + %(mails)s <= per_day)"
)
_BEGIN: Final = "UPDATE enrolment_batch SET sent_up_to = %s WHERE id = %s AND sent_up_to < %s"
# Nearly always: a wave without a pace, of which then no row need be held.
_BEGIN_AT_ONCE: Final = (
    "UPDATE enrolment_batch AS b SET sent_up_to = %s FROM enrolment_wave AS w WHERE b.id = %s AND b.sent_up_to < %s"
    " AND w.id = b.wave_id AND w.state = 'running' AND w.starts_on <= %s AND w.per_day IS NULL"
)
_REFUSED: Final = (
    "UPDATE enrolment_enrollee SET information = 'bounced' WHERE batch_id = %s AND place_in_batch BETWEEN %s AND %s"
)
_REFUSED_HEADS: Final = (
    "SELECT place_in_batch FROM enrolment_enrollee WHERE batch_id = %s AND information = 'bounced'"
    " ORDER BY place_in_batch"
)
_LAST_BEGUN: Final = (
    "SELECT place_in_batch, information, CASE WHEN channel = 'parent' AND parent_id IS NOT NULL THEN parent_id"
    " ELSE person_id END FROM enrolment_enrollee WHERE batch_id = %s AND place_in_batch <= %s"
    " ORDER BY place_in_batch DESC LIMIT 64"
)


@dataclass(slots=True)
class Report:
    """What a run did: mails taken and refused by the server, in doubt after a crash; why it ended early."""

    sent: int = 0
    refused: int = 0
    in_doubt: int = 0
    batches: int = 0
    informed: int = 0
    stopped: str = ""


@dataclass(slots=True)
class Run:
    """A run over several batches, with one line to the mail server."""

    post: Post
    limit: int | None
    progress: Callable[[Report], None]
    report: Report = field(default_factory=Report)

    @property
    def left(self) -> int:
        """How many mails this run may still hand over."""
        done = self.report.sent + self.report.refused
        return sys.maxsize if self.limit is None else self.limit - done


@dataclass(slots=True)
class _Sheet:
    """Where a batch is: the last place begun, the refusals since a mail was last taken, mails gone through."""

    up_to: int
    in_a_row: list[Composed] = field(default_factory=list)
    done: int = 0


def send_batch(run: Run, batch_id: int) -> None:
    """Send what is left of a batch and tell its people informed; the caller alone holds the batch."""
    batch = Batch.objects.get(id=batch_id)
    run.report.in_doubt += _settle(batch)
    sheet = _Sheet(batch.sent_up_to)
    at = clock.now()
    adults.leave(batch.id, on=at.astimezone(window.PARIS).date())
    edition = Edition(
        wording.sender(), at.astimezone(window.PARIS).date(), window.deadline(at), version=batch.text_version
    )
    secret = batch_secrets.secret_of(batch)
    for group in _groups(run, letters.compose(batch.id, secret, on=edition.on, start=sheet.up_to + 1)):
        run.report.stopped = _may_not(run, batch, group)
        fault.point("sending.after_reserve")
        for letter in () if run.report.stopped else group:
            outcome = _hand_over(run.post, edition, letter)
            fault.point("sending.after_mail")
            run.report.stopped = _note(run, batch, sheet, letter, outcome)
            if run.report.stopped:
                break
        if run.report.stopped:
            break
    _end(run, batch, sheet, clock.now())


def _groups(run: Run, composed: Iterator[Composed]) -> Iterator[list[Composed]]:
    """As many letters as are written down at once, never more than the run may still send."""
    while group := list(islice(composed, max(1, min(run.post.at_once, run.left)))):
        yield group


def _may_not(run: Run, batch: Batch, group: list[Composed]) -> str:
    """Why these mails may not leave now ("limit", "pace"); "" when they are written down as begun."""
    if run.left <= 0:
        return "limit"
    last = group[-1].next_place - 1
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN_AT_ONCE, [last, batch.id, last, clock.today()])
        if cursor.rowcount:
            return ""
    mails = sum(_unsent(letter) is None for letter in group)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PACE, {"day": clock.today(), "wave": batch.wave_id, "mails": mails})
        if cursor.rowcount == 0:
            return "pace"
        cursor.execute(_BEGIN, [last, batch.id, last])
        if cursor.rowcount == 0:
            raise RuntimeError("two senders in one batch")
    return ""


def _unsent(letter: Composed) -> Unsent | None:
    """Why no mail is to be sent; None for nearly all."""
    if not letter.still_told:
        return "answered"  # `inform` leaves them as they are
    return None if letter.addressee.identity.email else "no_address"


def _hand_over(post: Post, edition: Edition, letter: Composed) -> Outcome | Unsent | None:
    """None: surely not taken, the server is away."""
    if unsent := _unsent(letter):
        return unsent
    to = letter.addressee.identity.email
    sent = sending.Sent(letter.reference, mark(letter.reference))
    told = letter.still_told
    own = "" if told[0].is_child else told[0].code
    children = tuple(one.code for one in sorted(told, key=lambda one: one.born_on) if one.is_child)
    message = wording.mail(
        edition, sent=sent, to=to, language=letter.addressee.language, given=wording.Codes(own, children)
    )
    try:
        return post.hand_over(return_path=sending.return_path(sent, settings.BOUNCE_ADDRESS), to=to, message=message)
    except Unavailable:
        return None


def mark(reference: str) -> str:
    """What nobody can invent for a mail that comes back."""
    return vault.find_key("return", reference).hex()[: sending.MARK]


def _note(run: Run, batch: Batch, sheet: _Sheet, letter: Composed, outcome: Outcome | Unsent | None) -> str:
    """Write down what the server said; why the batch ends here, or ""."""
    if outcome is None:
        return "server"
    sheet.up_to, sheet.done = letter.next_place - 1, sheet.done + 1
    if outcome == "unknown":
        undelivered.note(batch.id, letter.place, way="doubted")
        run.report.in_doubt += 1
        return "server"
    if outcome == "answered":
        return ""
    if outcome == "no_address":  # says nothing of the server
        undelivered.note(batch.id, letter.place, way="bounced")
        return ""
    if outcome == "taken":
        sheet.in_a_row.clear()
        run.report.sent += 1
        run.progress(run.report)
        return ""
    with connection.cursor() as cursor:
        cursor.execute(_REFUSED, [batch.id, letter.place, letter.next_place - 1])
    sheet.in_a_row.append(letter)
    if outcome == "refused" and len(sheet.in_a_row) < sending.REFUSALS_IN_A_ROW:
        run.report.refused += 1
        return ""
    # "Later", or nobody is taken any more: it is us the server refuses, not them.
    sheet.up_to, sheet.done = sheet.in_a_row[0].place - 1, sheet.done - len(sheet.in_a_row)
    run.report.refused -= len(sheet.in_a_row) - 1
    return "server"


@transaction.atomic
def _end(run: Run, batch: Batch, sheet: _Sheet, at: datetime) -> None:
    """The batch is sent as far as it came; who comes after waits again."""
    kept = Batch.objects.select_for_update(of=("self",)).get(id=batch.id)
    _to_post(kept, sheet.up_to)
    is_whole = not run.report.stopped
    end = None if is_whole else sheet.up_to
    left = 0 if is_whole else _letters_after(kept.id, sheet.up_to)
    run.report.informed += inform(kept, sent_at=at, deadline_at=window.deadline(at), up_to=end, left_out=left)
    run.report.batches += 1
    fault.point("sending.before_commit")


def _letters_after(batch_id: int, place: int) -> int:
    return sum(1 for _ in letters.heads(batch_id, start=place + 1))


def _to_post(batch: Batch, up_to: int) -> None:
    """Those the server refused get letters."""
    with connection.cursor() as cursor:
        cursor.execute(_REFUSED_HEADS, [batch.id])
        places = [row[0] for row in cursor.fetchall()]
    for place in places:
        if place <= up_to:
            undelivered.note(batch.id, place, way="bounced")  # "known" for those on the letter before


def _settle(batch: Batch) -> int:
    """After a crash: refusals are noted, and the mail that may have left is not sent again; 1 if there was one."""
    if not batch.sent_up_to:
        return 0
    with transaction.atomic():
        _to_post(batch, batch.sent_up_to)
        with connection.cursor() as cursor:
            cursor.execute(_LAST_BEGUN, [batch.id, batch.sent_up_to])
            rows = cursor.fetchall()
        if not rows or rows[0][0] != batch.sent_up_to or rows[0][1] != "prepared":
            return 0
        first = next((at for at, row in enumerate(rows) if row[2] != rows[0][2]), len(rows)) - 1
        outcome = undelivered.note(batch.id, rows[first][0], way="doubted")
    return int(outcome in {"again_by_post", "unreachable"})
