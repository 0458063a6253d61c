"""Giving an agent a name."""

from __future__ import annotations

from uuid import UUID

from healthspace.common.actor import Actor
from healthspace.common.errors import Invalid, Refused
from healthspace.support.models import Agent

LONGEST = 120


def name_agent(*, actor: Actor, account_id: UUID, name: str) -> None:
    """The installation gives an agent the name that people read in their journals; Refused to anybody else."""
    if actor.kind != "system":
        raise Refused("T12")
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST:
        raise Invalid("name", "T12", f"A name has 1 to {LONGEST} signs.", "Write the agent's first and last name.")
    Agent.objects.update_or_create(account_id=account_id, defaults={"name": name})
