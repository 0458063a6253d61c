"""Who acts for a child: given by the register or a statement, ended by the birthday or a word (CHI-1, CHI-6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from django.db import connection

from healthspace.access import gate, rules
from healthspace.access.deed import deed
from healthspace.access.models import Charge, Mandate
from healthspace.access.reads.mandates import is_mandated
from healthspace.audit import actions as audit
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Invalid, Refused
from healthspace.spaces import reads as spaces
from healthspace.vault.reads import KeyDestroyed

RULE: Final = "CHI-1"
# Whoever said "I am not the legal representative" stays out: a row that is there is left as it is.
_GIVE_ALL: Final = (
    "INSERT INTO {table} (person_id, id, basis, starts_at, ends_at)"
    " SELECT v.one, v.other, 'registry', %s, v.ends FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[])"
    " AS v(one, other, ends) ORDER BY v.one, v.other ON CONFLICT DO NOTHING RETURNING person_id"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A child and somebody who may act for it, as the register has them."""

    child_id: UUID
    representative_id: UUID
    born_on: date


def represent_all(pairs: Iterable[Pair], *, at: datetime) -> int:
    """Mandates by the register for children whose spaces open by law; how many are new. Twice is once.

    In the caller's transaction, journalled on both sides with one common line. For the worker's role.
    """
    running = [(pair, rules.comes_of_age(pair.born_on)) for pair in pairs if pair.child_id != pair.representative_id]
    running = [(pair, ends_at) for pair, ends_at in running if ends_at > at]
    if not running:
        return 0
    children = [pair.child_id for pair, _ends_at in running]
    parents = [pair.representative_id for pair, _ends_at in running]
    ends = [ends_at for _pair, ends_at in running]
    named = _given("access_mandate", (at, children, parents, ends))
    charged = _given("access_charge", (at, parents, children, ends))
    audit.record_all(sorted(set(named)), kind="representative_named", at=at, rule=RULE)
    audit.record_all(sorted(set(charged)), kind="mandate_given", at=at, rule=RULE)
    return len(named)


def _given(table: str, values: Sequence[datetime | list[UUID] | list[datetime]]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_ALL.format(table=table), list(values))
        return [row[0] for row in cursor.fetchall()]


@deed
def represent(
    *,
    actor: Actor,
    person_id: UUID,
    representative_id: UUID,
    born_on: date,
    basis: Literal["registry", "statement"] = "registry",
    starts_at: datetime | None = None,
) -> bool:
    """The installation names one representative of a child (`person_id`); False when it runs already, or cannot.

    The caller proved it (code of the letter, register, paper); Refused to anybody else. A statement brings an
    ended mandate back, the register does not (CHI-1). Leaves the transaction in the context of the child.
    """
    if actor.kind != "system":
        raise Refused(RULE)
    child_id = person_id
    at, ends_at = clock.now(), rules.comes_of_age(born_on)
    if ends_at <= at or child_id == representative_id:
        return False
    dates = {
        "basis": basis, "kind": Mandate.Kind.PARENT, "scope": Mandate.Scope.AS_HOLDER,
        "starts_at": starts_at or at, "ends_at": ends_at,
    }  # fmt: skip
    parent = gate.enter(actor=actor, person_id=representative_id)
    put(Charge, representative_id, child_id, dates)
    party = spaces.identity(representative_id).name if parent.asker.space_state else ""
    child = gate.enter(actor=actor, person_id=child_id)
    is_new = put(Mandate, child_id, representative_id, dates)
    if is_new:
        tell(child, "representative_named", party, representative_id)
        parent = gate.enter(actor=actor, person_id=representative_id)
        tell(parent, "mandate_given", "", child_id)
        gate.enter(actor=actor, person_id=child_id)
    return is_new


def put(table: type[Charge | Mandate], person_id: UUID, other_id: UUID, values: Mapping[str, object]) -> bool:
    """True when this mandate runs now and did not before.

    A statement brings an ended one back, a judge changes one that runs too; the register does neither.
    """
    row, is_new = table._default_manager.get_or_create(person_id=person_id, id=other_id, defaults=values)
    runs = row.ended_at is None and row.ends_at > clock.now()
    if is_new or values["basis"] == "registry" or (runs and values["basis"] == "statement"):
        return is_new
    table._default_manager.filter(person_id=person_id, id=other_id).update(**values, ended_at=None)
    return True


@deed
def renounce(*, actor: Actor, child_id: UUID) -> None:
    """A parent says "I am not the legal representative": out at once, and the register does not bring it back."""
    own_id = actor.own_person_id if actor.kind == "representative" else actor.person_id
    if own_id is None:
        raise Refused("ABSENT")
    acting = replace(actor, kind="representative", person_id=child_id, own_person_id=own_id)
    child = gate.enter(actor=acting, person_id=child_id)
    if child.asker.role != "representative":
        raise gate.absent(child, "renounce", None)
    own = replace(actor, kind="holder", person_id=own_id, own_person_id=None)
    _end(child, own, own_id)


@deed
def end_mandate(*, actor: Actor, person_id: UUID, representative_id: UUID, agents: tuple[str, str]) -> None:
    """The installation ends a parent's mandate, since two agents saw why: a false statement, a judge (T22).

    Refused to anybody else and where none runs; Invalid without two different names.
    """
    by = by_two(actor, agents, RULE)
    child = gate.enter(actor=actor, person_id=person_id)
    if not is_mandated(person_id, representative_id, frozenset({"parent"})):
        raise gate.absent(child, "renounce", None)
    _end(child, actor, representative_id, by)


def by_two(actor: Actor, agents: tuple[str, str], rule: str) -> dict[str, str]:
    """Two different agents by name, as details of a line; Refused to anybody but the installation (T12)."""
    if actor.kind != "system":
        raise Refused(rule)
    first, second = (" ".join(name.split()) for name in agents)
    if not first or not second or first.casefold() == second.casefold():
        raise Invalid("agents", rule, "Two different agents must agree.", "Name both.")
    return {"first": first, "second": second}


@deed
def end_by_register(*, actor: Actor, person_id: UUID, representative_id: UUID) -> bool:
    """The register names somebody as a parent no more: a mandate that it gave ends; False when there is none.

    For the intake, in its transaction. What a statement or a judge gave stays.
    """
    if actor.kind != "system":
        raise Refused(RULE)
    child = gate.enter(actor=actor, person_id=person_id)
    rows = Mandate._default_manager.filter(person_id=person_id, id=representative_id, kind=Mandate.Kind.PARENT)
    if not rows.filter(basis=Mandate.Basis.REGISTRY, ended_at=None, ends_at__gt=child.at).exists():
        return False
    _end(child, actor, representative_id)
    return True


def _end(child: gate.Standing, by: Actor, representative_id: UUID, agents: Mapping[str, str] | None = None) -> None:
    child_id = child.person_id
    Mandate._default_manager.filter(person_id=child_id, id=representative_id).update(ended_at=child.at)
    tell(child, "representative_ended", by.name if by.kind == "holder" else "", representative_id, more=agents)
    own = gate.enter(actor=by, person_id=representative_id)
    Charge._default_manager.filter(person_id=representative_id, id=child_id).update(ended_at=child.at)
    tell(own, "mandate_ended", "", child_id)


def tell(
    standing: gate.Standing,
    kind: str,
    party: str,
    item_id: UUID,
    rule: str = RULE,
    more: Mapping[str, str] | None = None,
) -> None:
    """One line, where there is a journal to write in."""
    if not standing.asker.space_state:
        return
    details = ({"party": party} if party else {}) | dict(more or {})
    try:
        gate.journal(standing, kind, rule=rule, item_id=item_id, details=details or None)
    except KeyDestroyed:
        return
