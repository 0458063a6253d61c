"""Parents whom the register changes after a space opened: mandates it gave end, and new ones begin (CHI-1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from healthspace.access import actions as access
from healthspace.access.actions import Pair
from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.spaces.rules import OPEN_STATES, Identity


@dataclass(frozen=True, slots=True)
class Changed:
    """A person of a changed line: whom the register named before as parents, and whom it names now."""

    person_id: UUID
    identity: Identity
    state: str
    before: frozenset[UUID]
    now: frozenset[UUID]


def follow(changed: Iterable[Changed]) -> Mapping[str, int]:
    """End and give what the register changed, for spaces that are open; how many of each. For the worker's role.

    Only what the register gave is ended: a statement or a judge's decision is not the register's to end. In the
    caller's transaction, whose context it leaves to whoever comes next.
    """
    at, ended, given = clock.now(), 0, 0
    for one in changed:
        if one.state not in OPEN_STATES or one.before == one.now:
            continue
        for parent_id in sorted(one.before - one.now):
            ended += access.end_by_register(actor=SYSTEM, person_id=one.person_id, representative_id=parent_id)
        born_on = one.identity.traits.born_on
        pairs = [Pair(one.person_id, parent_id, born_on) for parent_id in sorted(one.now - one.before)]
        given += access.represent_all(pairs, at=at)
    return {"ended": ended, "given": given}
