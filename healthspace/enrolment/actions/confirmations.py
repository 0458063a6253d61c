"""Telling an answer on every known channel, with the way to undo it (T4, T25). For the dispatcher."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from healthspace.common import clock, fault
from healthspace.common.errors import Refused
from healthspace.enrolment.actions.codes import UNDO, fresh_code, issue_one, mail_of, order_letter
from healthspace.enrolment.adapters import short_mail
from healthspace.enrolment.models import Answer, Enrollee
from healthspace.enrolment.rules import claims as rules
from healthspace.enrolment.rules import texts, window
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces

REFUSAL_LETTER: Final = "refusal_letter"
CHILD_LETTER: Final = "child_refused_letter"


def confirm_refusal(*, person_id: UUID, answer_id: UUID, by_person_id: UUID | None, fact_id: UUID) -> None:
    """A mail and a letter to whoever refused, with a code that undoes it within 14 days.

    For a child they go to the parent who answered. A second call for the same fact sends the same code.
    """
    at = clock.now()
    answer = standing(person_id, answer_id, at)
    if answer is None or answer.undo_until is None:
        return
    who, language = spaces.identity(person_id), spaces.state(person_id).language
    is_child = rules.is_minor(who.traits.born_on, clock.today())
    told_id = person_id
    if is_child:
        row = Enrollee.objects.filter(person_id=person_id, id=person_id).first()
        told_id = next(
            (one for one in (by_person_id, row.parent_id if row else None) if one not in {None, person_id}), person_id
        )
    code = fresh_code(person_id, fact_id)
    issue_one(person_id=person_id, purpose=UNDO, code=code, at=at, expires_at=answer.undo_until)
    order_letter(person_id, REFUSAL_LETTER, at, to=told_id, other_id=answer_id, fact_id=fact_id)
    address = mail_of(told_id) if told_id != person_id else who.email
    set_context(person_id)
    if address:
        until = texts.day(window.last_day(answer.undo_until), language)
        words = short_mail.refused(code, until=until, is_child=is_child, language=language)
        short_mail.send(address, words, message_id=fact_id)
    fault.point("confirmations.sent")


def standing(person_id: UUID, answer_id: UUID, at: datetime) -> Answer | None:
    """This refusal, of the person of the context, while it is the one that holds and can still be undone."""
    if spaces.state(person_id).state != "opposed":
        return None
    newest = Answer.objects.filter(person_id=person_id, kind="opposed").order_by("-at").first()
    holds = newest is not None and newest.id == answer_id and newest.undone_at is None
    return newest if holds and newest is not None and newest.undo_until and newest.undo_until > at else None


def tell_parent(*, person_id: UUID, child_id: UUID, is_own_act: bool, fact_id: UUID) -> None:
    """The other parent is told by mail, or by letter without one (T4); in the context of that parent."""
    if is_own_act:
        return
    try:
        language = spaces.state(person_id).language
    except Refused:
        return
    address = mail_of(person_id)
    if not address:
        order_letter(person_id, CHILD_LETTER, clock.now(), to=person_id, other_id=child_id)
        return
    short_mail.send(address, short_mail.told(language=language), message_id=fact_id)
