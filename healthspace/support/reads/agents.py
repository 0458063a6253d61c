"""The names under which agents act."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from healthspace.common.actor import Actor
from healthspace.support.models import Agent


def agent_name(account_id: UUID) -> str:
    """The name of this agent in people's journals; a number of their own where none was given."""
    row = Agent.objects.filter(account_id=account_id).first()
    return row.name if row else f"agent {account_id.hex[:8]}"


def named(actor: Actor) -> Actor:
    """An agent with their name; anybody else as they are."""
    return replace(actor, name=agent_name(actor.id)) if actor.kind == "support" and not actor.name else actor
