"""Cases: what a person must look at; opened once, however often the same is found. For the worker's role."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from healthspace.common import clock, ids
from healthspace.common.actor import Actor
from healthspace.common.errors import Invalid, Refused
from healthspace.enrolment.actions import merging

UNREACHABLE: Final = "unreachable"
CAME_BACK_LATE: Final = "came_back_late"
_OPEN: Final = (
    "INSERT INTO enrolment_case (person_id, id, kind, details, opened_at, outcome)"
    " SELECT v.p, v.i, %s, '{}', %s, '' FROM unnest(%s::uuid[], %s::uuid[]) AS v(p, i) WHERE NOT EXISTS"
    " (SELECT 1 FROM enrolment_case c WHERE c.person_id = v.p AND c.kind = %s AND c.settled_at IS NULL)"
)
_SETTLE: Final = (
    "UPDATE enrolment_case SET settled_at = %s, settled_by = %s, outcome = %s WHERE id = %s AND settled_at IS NULL"
    " RETURNING kind, person_id, other_id"
)
ONE_PERSON, TWO_PEOPLE = "one person", "two people"
LONGEST_OUTCOME: Final = 24


def open_once(person_ids: Iterable[UUID], *, kind: str) -> int:
    """A case of this kind for each of these persons who has none open; how many are new."""
    people = list(person_ids)
    if not people:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [kind, clock.now(), people, [ids.new_id() for _ in people], kind])
        return int(cursor.rowcount)


@transaction.atomic
def settle(*, actor: Actor, case_id: UUID, outcome: str, agents: tuple[str, str] = ("", "")) -> None:
    """Somebody of the operator dealt with this case, and how; Refused when it is not open, or to anybody else.

    A case "merge" ends as "one person", who stays with what the former number has, or as "two people", who are
    both told from then on; Invalid for any other outcome. It takes two different agents by name (T12): the desk has
    their act, whose execution this is, and tells it in both journals.
    """
    if actor.kind not in {"operator", "system"}:
        raise Refused("ENR-8")
    if not 0 < len(outcome) <= LONGEST_OUTCOME:
        raise Invalid("outcome", "ENR-8", f"An outcome has 1 to {LONGEST_OUTCOME} signs.", "Say it in a word or two.")
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [clock.now(), actor.id, outcome, case_id])
        row = cursor.fetchone()
    if row is None:
        raise Refused("ABSENT")
    kind, person_id, other_id = row
    if kind == "merge":
        _by_two(agents)
    if kind == "merge" and outcome not in {ONE_PERSON, TWO_PEOPLE}:
        raise Invalid("outcome", "ENR-8", "A merge ends as one person or as two people.", f"Say “{TWO_PEOPLE}”.")
    if kind == "merge" and outcome == TWO_PEOPLE:
        merging.release(person_id, other_id)


def _by_two(agents: tuple[str, str]) -> None:
    first, second = (" ".join(name.split()) for name in agents)
    if not first or not second or first.casefold() == second.casefold():
        raise Invalid("agents", "T12", "Two different agents must agree.", "Name both.")
