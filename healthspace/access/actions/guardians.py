"""Guardians of protected adults, as a judge decided: two agents write it down from the paper (GUA-1, T12).

The protected person keeps their own way in and sees everything; the mandate ends by its date, looked at when read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import orjson

from healthspace.access import gate, rules
from healthspace.access.actions.mandates import by_two, put, tell
from healthspace.access.adapters import families
from healthspace.access.deed import deed
from healthspace.access.models import Charge, Mandate
from healthspace.access.reads.parents import DECISION_PART
from healthspace.common.actor import Actor
from healthspace.common.errors import Conflict, Invalid
from healthspace.spaces import reads as spaces

RULE: Final = "GUA-1"
KINDS: Final = frozenset({"guardian", "curator", "mandatary", "family"})
# A curator assists and never stands in for the person (code civil 467).
SCOPES: Final = {
    "guardian": frozenset({"as_holder", "read_and_file", "read", "none"}),
    "mandatary": frozenset({"as_holder", "read_and_file", "read", "none"}),
    "family": frozenset({"as_holder", "read_and_file", "read", "none"}),
    "curator": frozenset({"read_and_file", "read", "none"}),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a judge decided: as what and how far somebody acts, from and until which day (both included).

    `kind`: guardian (tuteur), curator (curateur), mandatary (mandat de protection future), family (habilitation
    familiale); `scope`: as_holder, read_and_file, read, or none.
    """

    kind: str
    scope: str
    court: str
    number: str
    decided_on: date
    starts_on: date
    ends_on: date


@deed
def name_guardian(
    *, actor: Actor, person_id: UUID, guardian_id: UUID, decision: Decision, agents: tuple[str, str]
) -> bool:
    """Write a decision down; False when nothing changes by it.

    Refused to anybody but the installation; Invalid without two agents' names and for a decision that cannot be;
    Conflict for a child, whose parents act, or a space that is not open.
    """
    by = by_two(actor, agents, RULE)
    _check(decision)
    guardian = gate.enter(actor=actor, person_id=guardian_id)
    name = spaces.identity(guardian_id).name if guardian.asker.space_state in rules.OPEN_STATES else ""
    person = gate.enter(actor=actor, person_id=person_id)
    if not name or person.asker.space_state not in rules.OPEN_STATES or person_id == guardian_id:
        raise Conflict("both must have an open space of their own")
    if rules.comes_of_age(spaces.identity(person_id).traits.born_on) > person.at:
        raise Conflict("a child is represented by its parents")
    kept = {"court": decision.court, "number": decision.number, "decided_on": decision.decided_on.isoformat()}
    values = {
        "basis": Mandate.Basis.JUDGE, "kind": decision.kind, "scope": decision.scope,
        "starts_at": _morning(decision.starts_on), "ends_at": _morning(decision.ends_on + timedelta(days=1)),
    }  # fmt: skip
    sealed = gate.sealer(person).seal(orjson.dumps(kept), item=guardian_id, part=DECISION_PART)
    is_new = put(Mandate, person_id, guardian_id, {**values, "sealed_decision": sealed})
    details = {"party": name, "kind": decision.kind, "until": decision.ends_on.isoformat(), **by}
    gate.journal(person, "guardian_named", rule=RULE, item_id=guardian_id, details=details)
    guardian = gate.enter(actor=actor, person_id=guardian_id)
    put(Charge, guardian_id, person_id, values)
    gate.journal(guardian, "guardianship_given", rule=RULE, item_id=person_id)
    return is_new


@deed
def end_guardian(*, actor: Actor, person_id: UUID, guardian_id: UUID, agents: tuple[str, str]) -> None:
    """The judge ended it before its date; Refused to anybody else, and when there is none."""
    by = by_two(actor, agents, RULE)
    person = gate.enter(actor=actor, person_id=person_id)
    rows = Mandate._default_manager.filter(person_id=person_id, id=guardian_id, ended_at=None, kind__in=KINDS)
    if not rows.update(ended_at=person.at):
        raise gate.absent(person, "renounce", guardian_id)
    gate.journal(person, "guardian_ended", rule=RULE, item_id=guardian_id, details=by)
    guardian = gate.enter(actor=actor, person_id=guardian_id)
    Charge._default_manager.filter(person_id=guardian_id, id=person_id).update(ended_at=person.at)
    tell(guardian, "guardianship_ended", "", person_id, RULE)


def _check(decision: Decision) -> None:
    if decision.scope not in SCOPES.get(decision.kind, frozenset()):
        raise Invalid("scope", RULE, "No judge gives this kind of protection so far.", "Read the decision again.")
    if not decision.court.strip() or not decision.number.strip():
        raise Invalid("court", RULE, "The decision is not named.", "Give the court and the number of the file.")
    years = families.longest_years(decision.kind, decision.decided_on)
    longest = decision.ends_on if years is None else rules.turns(decision.starts_on, years).date()
    if not decision.decided_on <= decision.starts_on <= decision.ends_on <= longest:
        raise Invalid("ends_on", RULE, "These dates cannot be.", "Read the dates of the decision again.")


def _morning(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=rules.LAW_ZONE)
