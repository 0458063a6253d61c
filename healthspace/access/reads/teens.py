"""Whether a minor has, or may have, a sign-in of their own (CHI-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthspace.access import gate, rules
from healthspace.access.adapters import families
from healthspace.access.deed import deed
from healthspace.access.models import Mandate, TeenConsent, TeenWay
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules.contacts import Reach
from healthspace.vault.reads import KeyDestroyed


@dataclass(frozen=True, slots=True)
class TeenCard:
    """Where a child stands: alone from `alone_from`, with the parents' yes from `with_parents_from`."""

    age: int
    has_own_way: bool
    may_sign_in: bool
    alone_from: datetime
    with_parents_from: datetime
    hides_from: datetime
    is_agreed_by_me: bool
    is_agreed_by_all: bool


@deed
def teen(*, actor: Actor, child_id: UUID) -> TeenCard:
    """The state of a child's own way in, for the child and its parents; Refused to guardians and others."""
    child = gate.enter(actor=actor, person_id=child_id)
    gate.require(child, "read_access")
    parents = parents_of(child)
    is_parent = child.asker.role == "representative" and actor.own_person_id in parents
    if child.asker.role != "holder" and not is_parent:
        raise gate.absent(child, "read_access", None)
    born_on = spaces.identity(child_id).traits.born_on
    policy = families.policy(child.at.astimezone(rules.LAW_ZONE).date())
    age, all_agreed = rules.years_old(born_on, child.at), have_all_agreed(child)
    return TeenCard(
        age=age,
        has_own_way=TeenWay._default_manager.filter(person_id=child_id, id=child_id).exists(),
        may_sign_in=rules.may_sign_in(policy, age=age, have_parents_agreed=all_agreed),
        alone_from=rules.turns(born_on, policy.own_sign_in),
        with_parents_from=rules.turns(born_on, policy.own_sign_in_with_parents),
        hides_from=rules.turns(born_on, policy.hides_from_parents),
        is_agreed_by_me=actor.own_person_id in _agreed(child_id),
        is_agreed_by_all=all_agreed,
    )


def teen_from() -> int:
    """The age from which a child may have a sign-in of their own today, as every parent agrees (CHI-7)."""
    return families.policy(clock.today()).own_sign_in_with_parents


def parents_of(child: gate.Standing) -> tuple[UUID, ...]:
    """The parents whose mandates run now, in a fixed order; in the context of the child."""
    return _running(child.person_id, child.at)


def _running(child_id: UUID, at: datetime) -> tuple[UUID, ...]:
    rows = Mandate._default_manager.filter(person_id=child_id, kind=Mandate.Kind.PARENT, ended_at=None)
    running = rows.filter(starts_at__lte=at, ends_at__gt=at).order_by("id")
    return tuple(running.values_list("id", flat=True))


def _agreed(child_id: UUID) -> set[UUID]:
    rows = TeenConsent._default_manager.filter(person_id=child_id, withdrawn_at=None)
    return set(rows.values_list("id", flat=True))


def have_all_agreed(child: gate.Standing) -> bool:
    """Every parent who acts now has agreed, and there is one."""
    parents = set(parents_of(child))
    return bool(parents) and parents <= _agreed(child.person_id)


@deed
def is_contact_of_parent(*, actor: Actor, person_id: UUID, email: str = "", phone: str = "") -> bool:
    """True when this address or number of a minor is one of a parent's: it must reach the minor alone (T21)."""
    child = gate.enter(actor=actor, person_id=person_id)
    gate.require(child, "read_identity")
    given = Reach(email, phone)
    return without_parents(person_id, given) != given


def without_parents(person_id: UUID, reach: Reach) -> Reach:
    """What of this reaches the person and none of the parents who act for them now (T21).

    In a transaction with the context of the person, which it leaves as it was. All of it for an adult.
    """
    theirs: set[str] = set()
    for parent_id in _running(person_id, clock.now()):
        set_context(parent_id)
        try:
            who = spaces.identity(parent_id)
        except (Refused, KeyDestroyed):
            continue
        theirs |= {_plain(who.email), _plain(who.phone)}
    set_context(person_id)
    return Reach(
        "" if _plain(reach.email) in theirs else reach.email, "" if _plain(reach.phone) in theirs else reach.phone
    )


def _plain(contact: str) -> str:
    """One spelling: small letters, digits of a phone without its country or spaces."""
    text = contact.strip().casefold()
    if "@" in text:
        return text
    digits = "".join(sign for sign in text if sign.isdigit())
    return digits[-9:]
