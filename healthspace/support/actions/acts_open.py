"""The second agent's look at what the first one proposed."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from healthspace.access.deed import deed
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces
from healthspace.support.actions.lines import journal, require_agent
from healthspace.support.reads import joint
from healthspace.support.reads.joint import ActCard
from healthspace.vault.reads import KeyDestroyed


@deed
def open_act(*, actor: Actor, person_id: UUID, act_id: UUID) -> ActCard:
    """An agent reads an act that waits: what, by whom, on which paper; journalled as a look at the space."""
    require_agent(actor)
    set_context(person_id)
    card = joint.act(person_id, act_id)
    if card is None:
        raise Refused("ABSENT")
    journal(person_id, actor, "status_looked", item_id=act_id)
    return card


@transaction.atomic
def subject(person_id: UUID) -> str:
    """The name of the person an act is about; empty while it lies in the archive with the rest."""
    set_context(person_id)
    try:
        return spaces.identity(person_id).name
    except (KeyDestroyed, Refused):
        return ""
