"""An agent's look at the state of a space, in the holder's journal."""

from __future__ import annotations

from uuid import UUID

from healthspace.access.deed import deed
from healthspace.common.actor import Actor
from healthspace.schema.context import set_context
from healthspace.support.actions.lines import journal, require_agent


@deed
def look(*, actor: Actor, person_id: UUID) -> None:
    """Write down that this agent looked; Refused to anybody but an agent."""
    require_agent(actor)
    set_context(person_id)
    journal(person_id, actor, "status_looked")
