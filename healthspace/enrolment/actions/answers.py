"""Answering the information: refuse, take it back, open (ENR-1, ENR-8, T4, T5, T25)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from healthspace.access import actions as access
from healthspace.common import clock
from healthspace.enrolment.actions import noting
from healthspace.enrolment.actions.activating import activate, suggest_login
from healthspace.enrolment.actions.answering import (
    By,
    Channel,
    be_informed,
    by_claim,
    change,
    keep,
    parents_of,
    use_code,
)
from healthspace.enrolment.actions.contacts import confirm_contact, send_contact_code
from healthspace.enrolment.actions.telling import tell, tell_refusal
from healthspace.enrolment.models import Answer, Code
from healthspace.enrolment.rules import window
from healthspace.enrolment.rules.claims import Claim, NotAccepted, is_minor
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces

__all__ = [
    "Receipt",
    "activate",
    "close",
    "close_for",
    "confirm_contact",
    "oppose",
    "refuse",
    "send_contact_code",
    "suggest_login",
    "take_back",
    "undo",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class Receipt:
    """An answer that was written down; `undo_until` only for a refusal."""

    person_id: UUID
    answer_id: UUID
    at: datetime
    undo_until: datetime | None = None


def oppose(claim: Claim, *, channel: Channel = "web", language: str = "") -> Receipt:
    """The holder of a code refuses the space, for themselves or their child; the code has served.

    NotAccepted when the code or the state no longer allows it. One parent is enough; the other is told.
    """
    by = by_claim(claim)
    with transaction.atomic():
        set_context(claim.person_id)
        use_code(claim, clock.now())
        return refuse(claim.person_id, by=by, channel=channel, language=language or claim.language)


def refuse(
    person_id: UUID,
    *,
    by: By,
    channel: Channel,
    language: str,
    answer_id: UUID | None = None,
    posted_by: date | None = None,
) -> Receipt:
    """Write a refusal down, in the caller's transaction; for `oppose`, the phone and the post.

    Posted within the six weeks it counts after the opening too: the postmark decides (CRPA L112-1).
    """
    at = clock.now()
    set_context(person_id)
    be_informed(person_id, at)
    undo_until = window.undo_until(at)
    is_by_post = _is_in_time_by_post(person_id, posted_by)
    change(person_id, "refuse_by_post" if is_by_post else "refuse", actor=by.actor, stands_at=undo_until)
    if is_by_post:
        access.end_attending(person_id=person_id, at=at)
    is_child = is_minor(spaces.identity(person_id).traits.born_on, clock.today())
    parents = parents_of(person_id)
    answer_id = keep(
        person_id=person_id,
        kind="opposed",
        text="refuse_child" if is_child else "refuse",
        channel=channel,
        by=by,
        language=language,
        at=at,
        undo_until=undo_until,
        answer_id=answer_id,
    )
    tell_refusal(person_id, answer_id, by=by, parents=parents)
    return Receipt(person_id, answer_id, at, undo_until)


def _is_in_time_by_post(person_id: UUID, posted_by: date | None) -> bool:
    state = spaces.state(person_id)
    if posted_by is None or state.state != "open_inactive" or state.deadline_at is None:
        return False
    return posted_by <= window.last_day(state.deadline_at)


def undo(claim: Claim) -> Receipt:
    """A refusal is taken back within its 14 days by whoever got its confirmation, or made it just now (T25).

    The space is informed again with its old deadline; past it, the next opening opens it.
    """
    by = by_claim(claim)
    at = clock.now()
    with transaction.atomic():
        set_context(claim.person_id)
        if "undo" not in claim.may:
            raise NotAccepted("used")
        refusal = _open_refusal(claim.person_id, at)
        if refusal is None:
            raise NotAccepted("expired")
        _end_undo_codes(claim.person_id, at)
        change(claim.person_id, "withdraw", actor=by.actor, kind="opposition_undone")
        Answer.objects.filter(person_id=claim.person_id, id=refusal.id).update(undone_at=at)
        tell(claim.person_id, refusal.id, "undone", by=by, parents=parents_of(claim.person_id))
        return Receipt(claim.person_id, refusal.id, at)


def withdraw(claim: Claim, *, channel: Channel = "web", language: str = "") -> Receipt:
    """The holder of a new code no longer refuses (ENR-8): informed again, with the old deadline.

    What was refused meanwhile is not added (T5). To open at once, `activate` does both.
    """
    by = by_claim(claim)
    with transaction.atomic():
        set_context(claim.person_id)
        use_code(claim, clock.now())
        return take_back(claim.person_id, by=by, channel=channel, language=language or claim.language)


def take_back(person_id: UUID, *, by: By, channel: Channel, language: str) -> Receipt:
    """Write a withdrawal down, in the caller's transaction; for `withdraw` and the phone."""
    at = clock.now()
    set_context(person_id)
    change(person_id, "withdraw", actor=by.actor, kind="opposition_withdrawn")
    _end_undo_codes(person_id, at)
    answer_id = keep(
        person_id=person_id, kind="withdrawn", text="withdraw", channel=channel, by=by, language=language, at=at
    )
    tell(person_id, answer_id, "withdrawn", by=by, parents=parents_of(person_id))
    return Receipt(person_id, answer_id, at)


def close(claim: Claim, *, channel: Channel = "web", language: str = "") -> Receipt:
    """The holder of a code closes a space that opened by law, or their child's, without signing in (CLO-1).

    NotAccepted when the code or the state no longer allows it.
    """
    by = by_claim(claim)
    with transaction.atomic():
        set_context(claim.person_id)
        if "close" not in claim.may:
            raise NotAccepted("used")
        use_code(claim, clock.now())
        return close_for(claim.person_id, by=by, channel=channel, language=language or claim.language)


def close_for(person_id: UUID, *, by: By, channel: Channel, language: str) -> Receipt:
    """Write a closing down, in the caller's transaction; for `close` and the phone.

    Its proof stays readable while everything else lies in the archive.
    """
    at = clock.now()
    set_context(person_id)
    who, parents = spaces.identity(person_id), parents_of(person_id)
    paper = noting.paper_address(person_id, who) if not (who.email or parents) else ()
    change(person_id, "close", actor=by.actor)
    answer_id = keep(
        person_id=person_id, kind="closed", text="close", channel=channel, by=by, language=language, at=at, who=who
    )
    if paper:
        noting.order(person_id, "closed", to=person_id, other_id=answer_id, lines=paper)
    tell(person_id, answer_id, "closed", by=by, parents=parents)
    return Receipt(person_id, answer_id, at)


def _open_refusal(person_id: UUID, at: datetime) -> Answer | None:
    rows = Answer.objects.filter(person_id=person_id, kind="opposed", undone_at=None, undo_until__gt=at)
    return rows.order_by("-at").first()


def _end_undo_codes(person_id: UUID, at: datetime) -> None:
    codes = Code.objects.filter(person_id=person_id, purpose="undo", used_at=None, replaced_at=None)
    codes.update(used_at=at)
