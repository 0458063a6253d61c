"""A sign-in of their own for teenagers, after the policy of `data/ages.json` (CHI-7): parents keep their rights."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from healthspace.access import events, gate, rules
from healthspace.access.actions.mandates import tell
from healthspace.access.adapters import families
from healthspace.access.deed import deed
from healthspace.access.models import TeenConsent, TeenWay
from healthspace.access.reads.teens import have_all_agreed, parents_of
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.outbox import actions as outbox
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces

RULE: Final = "CHI-7"


@deed
def agree_to_own_way(*, actor: Actor, child_id: UUID) -> None:
    """A parent agrees that the child signs in; the child may once each parent has, and the age is right."""
    child, parent_id = _as_parent(actor, child_id)
    TeenConsent._default_manager.update_or_create(
        person_id=child_id, id=parent_id, defaults={"agreed_at": child.at, "withdrawn_at": None}
    )
    tell(child, "teen_agreed", "", child_id, RULE)


@deed
def take_agreement_back(*, actor: Actor, child_id: UUID) -> None:
    """A parent agrees no more; a sign-in that is there already stays the child's."""
    child, parent_id = _as_parent(actor, child_id)
    rows = TeenConsent._default_manager.filter(person_id=child_id, id=parent_id, withdrawn_at=None)
    if not rows.update(withdrawn_at=child.at):
        raise gate.absent(child, "change_access", None)
    tell(child, "teen_disagreed", "", child_id, RULE)


def _as_parent(actor: Actor, child_id: UUID) -> tuple[gate.Standing, UUID]:
    child, parent_id = gate.enter(actor=actor, person_id=child_id), actor.own_person_id
    gate.require(child, "change_access")
    if child.asker.role != "representative" or parent_id is None or parent_id not in parents_of(child):
        raise gate.absent(child, "change_access", None)
    return child, parent_id


@deed
def open_own_way(*, actor: Actor, person_id: UUID) -> None:
    """The installation gives a minor a sign-in, whose caller proved the code of the letter to the minor.

    Refused to anybody else, and while the policy does not allow it. Told to the minor and to each parent.
    """
    child = gate.enter(actor=actor, person_id=person_id)
    if actor.kind != "system" or child.asker.space_state not in rules.OPEN_STATES:
        raise Refused(RULE)
    born_on = spaces.identity(person_id).traits.born_on
    policy = families.policy(child.at.astimezone(rules.LAW_ZONE).date())
    age, ends_at = rules.years_old(born_on, child.at), rules.comes_of_age(born_on)
    if ends_at <= child.at or not rules.may_sign_in(policy, age=age, have_parents_agreed=have_all_agreed(child)):
        raise Refused(RULE)
    _row, is_new = TeenWay._default_manager.get_or_create(
        person_id=person_id,
        id=person_id,
        defaults={
            "opened_at": child.at,
            "hides_from": rules.turns(born_on, policy.hides_from_parents),
            "ends_at": ends_at,
        },
    )
    if not is_new:
        return
    tell(child, "own_way_opened", "", person_id, RULE)
    for told_id in (*parents_of(child), person_id):
        set_context(told_id)
        outbox.publish(person_id=told_id, fact=events.OwnWayOpened(told_id, person_id))
