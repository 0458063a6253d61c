"""A letter or mail that did not arrive: its people wait again, for a letter if there is an address (T3, ENR-2).

For the worker's role. Whoever answered meanwhile was reached; whose space is open already gets a case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from healthspace.audit import actions as audit
from healthspace.common import clock, fault
from healthspace.enrolment.actions import cases
from healthspace.enrolment.models import Batch
from healthspace.enrolment.reads import addressees as people
from healthspace.enrolment.rules.sending import Way
from healthspace.spaces import reads as spaces

Outcome = Literal["again_by_post", "unreachable", "answered", "late", "known"]
KIND: Final = "information_failed"
MOST_ON_A_LETTER: Final = 64
OPEN: Final = "open_inactive"
_LETTER: Final = (
    "SELECT person_id, channel, parent_id FROM enrolment_enrollee WHERE batch_id = %s AND place_in_batch >= %s"
    " AND place_in_batch < %s ORDER BY place_in_batch FOR UPDATE"
)
_KEEP_PLACE: Final = (
    "INSERT INTO enrolment_earlier_place (person_id, id, batch_id, place_in_batch)"
    " SELECT person_id, gen_random_uuid(), batch_id, place_in_batch FROM enrolment_enrollee WHERE person_id = ANY(%s)"
)
_AGAIN: Final = (
    "UPDATE enrolment_enrollee SET batch_id = NULL, place_in_batch = NULL, information = %s,"
    " channel = CASE WHEN channel = 'parent' THEN channel ELSE %s END WHERE person_id = ANY(%s)"
)


@dataclass(frozen=True, slots=True)
class _Letter:
    addressee_id: UUID
    people: tuple[UUID, ...]


@transaction.atomic
def note(batch_id: int, place: int, *, way: Way) -> Outcome:
    """This letter or mail came back, or may not have left; what became of its people.

    `way`: "bounced" and "doubted" for mails, "returned" for letters. Safe to tell twice: "known".
    """
    fits = Batch.objects.filter(id=batch_id, channel="post" if way == "returned" else "mail")
    if not fits.select_for_update(of=("self",), no_key=True).exists():
        return "known"
    letter = _letter(batch_id, place)
    if letter is None:
        return "known"
    states = spaces.states(letter.people)
    waiting = [one for one in letter.people if states.get(one) in people.CAN_BE_TOLD]
    if not waiting:
        opened = [one for one in letter.people if states.get(one) == OPEN]
        cases.open_once(opened, kind=cases.CAME_BACK_LATE)
        return "late" if opened else "answered"
    if letter.addressee_id in states and letter.addressee_id not in waiting:
        return "answered"  # the addressee read it
    counter = "returned" if way == "returned" else "bounced"
    fits.update(**{counter: F(counter) + 1})
    outcome = _again(letter, waiting, way)
    fault.point("undelivered.before_commit")
    return outcome


def _again(letter: _Letter, waiting: list[UUID], way: Way) -> Outcome:
    addressee = people.addressees([letter.addressee_id]).get(letter.addressee_id)
    is_by_post = way != "returned" and addressee is not None and bool(addressee.lines)
    channel = "post" if is_by_post else "none"
    information = "returned" if way == "returned" else "bounced"
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_PLACE, [waiting])
        cursor.execute(_AGAIN, [information, channel, waiting])
        if letter.addressee_id not in waiting:  # a letter about children only: the parent's channel is what failed
            cursor.execute(
                "UPDATE enrolment_enrollee SET channel = %s WHERE person_id = %s", [channel, letter.addressee_id]
            )
    audit.record_all(waiting, kind=KIND, at=clock.now(), rule="ENR-2")
    if is_by_post:
        return "again_by_post"
    cases.open_once([letter.addressee_id], kind=cases.UNREACHABLE)
    return "unreachable"


def _letter(batch_id: int, place: int) -> _Letter | None:
    with connection.cursor() as cursor:
        cursor.execute(_LETTER, [batch_id, place, place + MOST_ON_A_LETTER])
        rows = cursor.fetchall()
        cursor.execute(
            "SELECT 1 FROM enrolment_enrollee WHERE batch_id = %s AND place_in_batch = %s", [batch_id, place]
        )
        if not rows or cursor.fetchone() is None:
            return None
    addressees = [parent if channel == "parent" and parent else person for person, channel, parent in rows]
    end = next((at for at, one in enumerate(addressees) if one != addressees[0]), len(rows))
    return _Letter(addressees[0], tuple(person for person, _, _ in rows[:end]))
