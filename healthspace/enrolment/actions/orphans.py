"""Children: on the letter of their parent; when the parent was told before or is gone, on one of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from healthspace.common import clock
from healthspace.enrolment.actions import adults, cases
from healthspace.enrolment.actions.places import Draft
from healthspace.enrolment.models import Wave
from healthspace.enrolment.reads import addressees as people
from healthspace.enrolment.reads import waves as reads
from healthspace.enrolment.rules import sending
from healthspace.spaces import reads as spaces

CHUNK: Final = 2000
# `coalesce` keeps PostgreSQL from reading all who wait for the few who are asked for.
_FREE: Final = (
    "SELECT person_id FROM enrolment_enrollee WHERE person_id = ANY(%s) AND coalesce(batch_id, 0) = 0"
    " AND merged_into IS NULL ORDER BY person_id FOR UPDATE"
)
_DEPENDANTS: Final = "SELECT id FROM enrolment_dependant WHERE person_id = ANY(%s) AND is_attachment"
_CHILDREN: Final = (
    "SELECT person_id, parent_id, birth_year FROM enrolment_enrollee WHERE person_id = ANY(%s) AND channel = 'parent'"
    " AND coalesce(batch_id, 0) = 0 AND merged_into IS NULL AND (wave_id IS NULL OR wave_id = %s)"
    " ORDER BY birth_year, person_id FOR UPDATE"
)
_PARENTS: Final = (
    "SELECT person_id, parent_id, other_parent_id, birth_year FROM enrolment_enrollee WHERE person_id = ANY(%s)"
    " ORDER BY birth_year, person_id"
)
_SWAP: Final = (
    "UPDATE enrolment_enrollee SET parent_id = other_parent_id, other_parent_id = parent_id WHERE person_id = ANY(%s)"
)
_ALONE: Final = "UPDATE enrolment_enrollee SET channel = %s WHERE person_id = ANY(%s)"


def with_children(wave: Wave, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts whose people still wait and may be told, each with the children that go along; rows held."""
    heads = [one.addressee_id for one in drafts if one.is_about_addressee]
    others = [child for one in drafts if not one.is_about_addressee for child in one.children]
    with connection.cursor() as cursor:
        cursor.execute(_FREE, [heads + others])
        free = {row[0] for row in cursor.fetchall()}
        cursor.execute(_DEPENDANTS, [heads])
        cursor.execute(_CHILDREN, [[row[0] for row in cursor.fetchall()], wave.id])
        rows = cursor.fetchall()
    grown = _come_of_age({child: year for child, _, year in rows})
    children = [(child, parent) for child, parent, _ in rows if child not in grown]
    states = spaces.states([*free, *(child for child, _ in children)])
    told = {person_id for person_id, state in states.items() if state in people.CAN_BE_TOLD}
    here = free & told
    of_parent: dict[UUID, list[UUID]] = {}
    for child, parent in children:
        if child in told:
            of_parent.setdefault(parent, []).append(child)
    kept = []
    for one in drafts:
        if not one.is_about_addressee:
            still = tuple(child for child in one.children if child in here)
            kept += [Draft(one.addressee_id, still, is_about_addressee=False)] if still else []
        elif one.addressee_id in here:
            kept.append(Draft(one.addressee_id, tuple(of_parent.get(one.addressee_id, ()))))
    return kept


def letters(wave: Wave, department: str) -> Iterator[tuple[str, list[Draft]]]:
    """Channel and letters of a batch about children only: newborns of parents told before, mostly.

    A child whose parents are gone gets a letter to its own address, from the next draft on.
    """
    with transaction.atomic():
        chunks = list(reads.waiting(wave, department, CHUNK, channel="parent"))
    for chunk in chunks:
        with transaction.atomic():
            found = _sorted_out(reads.each(chunk))
        for channel, most in (("mail", sending.MAIL_LETTERS), ("post", sending.POST_LETTERS)):
            drafts = found.get(channel, [])
            for start in range(0, len(drafts), most):
                yield channel, drafts[start : start + most]


def _sorted_out(chunk: Sequence[UUID]) -> dict[str, list[Draft]]:
    with connection.cursor() as cursor:
        cursor.execute(_PARENTS, [list(chunk)])
        found_rows = cursor.fetchall()
    grown = _come_of_age({row[0]: row[3] for row in found_rows})
    rows = [row[:3] for row in found_rows if row[0] not in grown]
    parents = people.addressees({one for row in rows for one in row[1:] if one})
    swapped = [child for child, first, other in rows if first not in parents and other in parents]
    alone = [child for child, first, other in rows if first not in parents and other not in parents]
    with connection.cursor() as cursor:
        cursor.execute(_SWAP, [swapped])
    _alone(alone)
    pairs = [(first if first in parents else other, child) for child, first, other in rows]
    pairs = [(parent, child) for parent, child in pairs if parent in parents]
    found: dict[str, list[Draft]] = {}
    lost: list[UUID] = []
    for parent_id, group in groupby(sorted(pairs, key=lambda pair: pair[0].bytes), key=lambda pair: pair[0]):
        parent, children = parents[parent_id], tuple(child for _, child in group)
        if parent.is_waiting and parent.can_be_told:
            continue  # they go with the parent's own letter
        if parent.way() == "none":
            lost += children
        else:
            found.setdefault(parent.way(), []).append(Draft(parent_id, children, is_about_addressee=False))
    cases.open_once(lost, kind=cases.UNREACHABLE)
    return found


def _come_of_age(born: dict[UUID, int]) -> set[UUID]:
    """Who of these is a child no more; they wait for a letter of their own from now on (CHI-6)."""
    today = clock.today()
    asked = [child for child, year in born.items() if year <= adults.of_age_year(today)]
    grown = adults.of_age(asked, on=today) if asked else set()
    adults.leave_parents(grown)
    return grown


def _alone(children: list[UUID]) -> None:
    known = people.addressees(children)
    reachable = [one for one in children if one in known and known[one].lines]
    lost = [one for one in children if one in known and not known[one].lines]
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, ["post", reachable])
        cursor.execute(_ALONE, ["none", lost])
    cases.open_once(lost, kind=cases.UNREACHABLE)
