"""Acts of two agents: what the second one sees before agreeing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from healthspace.support.models import JointAct
from healthspace.vault import reads as vault

PART: Final = "joint-act:1"


@dataclass(frozen=True, slots=True)
class ActCard:
    """An act that one agent proposed: who, what was written down (`details`), until when it can be agreed to."""

    id: UUID
    person_id: UUID
    kind: str
    state: str
    other_id: UUID | None
    proposed_by: UUID
    proposed_name: str
    proposed_at: datetime
    expires_at: datetime
    details: Mapping[str, str] = field(default_factory=dict)


def act(person_id: UUID, act_id: UUID) -> ActCard | None:
    """This act of this person, unsealed in their context; None when there is none."""
    row = JointAct.objects.filter(person_id=person_id, id=act_id).first()
    return card(row) if row else None


def card(row: JointAct) -> ActCard:
    """A row as the second agent sees it."""
    plain = vault.journal_sealer(row.person_id).unseal(bytes(row.sealed), item=row.id, part=PART)
    kept = orjson.loads(plain)
    return ActCard(
        id=row.id,
        person_id=row.person_id,
        kind=row.kind,
        state=row.state,
        other_id=row.other_id,
        proposed_by=row.proposed_by,
        proposed_name=kept["name"],
        proposed_at=row.proposed_at,
        expires_at=row.expires_at,
        details=kept["details"],
    )
