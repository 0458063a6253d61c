"""Answering the information: refuse, take it back, open (ENR-1, ENR-8, T4, T5, T25)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.ids import NIL
from healthspace.enrolment import events
from healthspace.enrolment.actions.activating import activate, suggest_login
from healthspace.enrolment.actions.answering import (
    By,
    Channel,
    be_informed,
    by_claim,
    change,
    has_space,
    keep,
    parents_of,
    use_code,
)
from healthspace.enrolment.actions.contacts import confirm_contact, send_contact_code
from healthspace.enrolment.actions.lines import journal
from healthspace.enrolment.models import Answer, Code
from healthspace.enrolment.rules import window
from healthspace.enrolment.rules.claims import Claim, NotAccepted, is_minor
from healthspace.outbox import actions as outbox
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces

__all__ = [
    "Receipt", "activate", "confirm_contact", "oppose", "refuse", "send_contact_code", "suggest_login", "take_back",
    "undo", "withdraw",
]  # fmt: skip


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


def refuse(person_id: UUID, *, by: By, channel: Channel, language: str) -> Receipt:
    """Write a refusal down, in the caller's transaction; for `oppose`, the phone and the post."""
    at = clock.now()
    set_context(person_id)
    be_informed(person_id, at)
    change(person_id, "refuse", actor=by.actor)
    undo_until = window.undo_until(at)
    is_child = is_minor(spaces.identity(person_id).traits.born_on, clock.today())
    parents = parents_of(person_id) if is_child else []
    answer_id = keep(
        person_id=person_id,
        kind="opposed",
        text="refuse_child" if is_child else "refuse",
        channel=channel,
        by=by,
        language=language,
        at=at,
        undo_until=undo_until,
    )
    fact = events.SpaceRefused(person_id, answer_id, by.kind, by.person_id)
    outbox.publish(person_id=person_id, fact=fact)
    _tell_parents(person_id, answer_id, parents, by)
    set_context(person_id)
    return Receipt(person_id, answer_id, at, undo_until)


def _tell_parents(child_id: UUID, answer_id: UUID, parents: list[UUID], by: By) -> None:
    """A line and a fact in the space of each parent, whoever of them answered (T4)."""
    for parent_id in dict.fromkeys([*parents, *([by.person_id] if by.kind == "parent" and by.person_id else [])]):
        if not has_space(parent_id):
            continue
        is_own_act = parent_id == by.person_id and by.kind == "parent"
        actor = replace(by.actor, person_id=parent_id)
        if is_own_act:
            actor = Actor(kind="holder", id=NIL, name=by.actor.name, person_id=parent_id)
        journal(parent_id, actor, "child_opposed", "T4")
        fact = events.ChildRefused(parent_id, child_id, answer_id, is_own_act)
        outbox.publish(person_id=parent_id, fact=fact)


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
        fact = events.RefusalTakenBack(claim.person_id, refusal.id, is_undo=True)
        outbox.publish(person_id=claim.person_id, fact=fact)
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
    outbox.publish(person_id=person_id, fact=events.RefusalTakenBack(person_id, answer_id, is_undo=False))
    return Receipt(person_id, answer_id, at)


def _open_refusal(person_id: UUID, at: datetime) -> Answer | None:
    rows = Answer.objects.filter(person_id=person_id, kind="opposed", undone_at=None, undo_until__gt=at)
    return rows.order_by("-at").first()


def _end_undo_codes(person_id: UUID, at: datetime) -> None:
    codes = Code.objects.filter(person_id=person_id, purpose="undo", used_at=None, replaced_at=None)
    codes.update(used_at=at)
