"""Who acts for a child, who was asked to, and who asks me."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from healthspace.access import gate, rules
from healthspace.access.adapters import families
from healthspace.access.adapters.families import Statement
from healthspace.access.deed import deed
from healthspace.access.models import Invitation, Mandate
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces
from healthspace.vault.reads import KeyDestroyed

PART: Final = "invitation:1"
DECISION_PART: Final = "decision:1"
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Representative:
    """Somebody who may act for this person now, as what and how far, until `ends_at`; `court` where a judge decided."""

    person_id: UUID
    name: str
    kind: str
    scope: str
    starts_at: datetime
    ends_at: datetime
    court: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class InvitationCard:
    """An invitation as its reader knows it: `state` also "expired"; `name` whom it is about, `by` who asked."""

    id: UUID
    name: str
    by: str
    state: str
    made_at: datetime
    expires_at: datetime


def statement(language: str) -> Statement:
    """The text that a legal representative certifies now."""
    return families.statement(language)


def waiting(person_id: UUID, invitation_id: UUID, side: str) -> Invitation | None:
    """An invitation of this person that can still be answered; held until the transaction ends."""
    rows = Invitation._default_manager.filter(person_id=person_id, id=invitation_id, side=side, state="waiting")
    return rows.filter(expires_at__gt=clock.now()).select_for_update().first()


@deed
def representatives(*, actor: Actor, person_id: UUID) -> tuple[Representative, ...]:
    """Who may act here now, in the order of their mandates, for the person and for whoever acts for them."""
    standing = gate.enter(actor=actor, person_id=person_id)
    gate.require(standing, "read_access")
    if standing.asker.role not in {"holder", "representative"}:
        raise gate.absent(standing, "read_access", None)
    rows = Mandate._default_manager.filter(person_id=person_id, ended_at=None, starts_at__lte=standing.at)
    found = list(rows.filter(ends_at__gt=standing.at).order_by("starts_at", "id")[:MOST])
    decisions = [_decision(standing, row) for row in found]
    cards = [
        Representative(row.id, _name_of(row.id), row.kind, row.scope, row.starts_at, row.ends_at, *decision)
        for row, decision in zip(found, decisions, strict=True)
    ]
    set_context(person_id)
    return tuple(cards)


def _decision(standing: gate.Standing, row: Mandate) -> tuple[str, str]:
    if row.sealed_decision is None:
        return "", ""
    plain = gate.sealer(standing).unseal(bytes(row.sealed_decision), item=row.id, part=DECISION_PART)
    kept = orjson.loads(plain)
    return kept["court"], kept["number"]


def _name_of(person_id: UUID) -> str:
    set_context(person_id)
    try:
        return spaces.identity(person_id).name
    except (Refused, KeyDestroyed):
        return ""


@deed
def invitations_for(*, actor: Actor, child_id: UUID) -> tuple[InvitationCard, ...]:
    """The invitations to act for this child, newest first, for its parents."""
    child = gate.enter(actor=actor, person_id=child_id)
    gate.require(child, "read_access")
    if child.asker.role != "representative" or child.asker.mandate != rules.AS_HOLDER:
        raise gate.absent(child, "read_access", None)
    rows = Invitation._default_manager.filter(person_id=child_id, side=Invitation.Side.CHILD)
    return tuple(_card(child, row, "name") for row in rows.order_by("-made_at", "id")[:MOST])


@deed
def invitations_to(*, actor: Actor) -> tuple[InvitationCard, ...]:
    """The invitations that wait for this holder's answer, newest first."""
    if actor.kind != "holder" or actor.person_id is None:
        raise Refused("OWN")
    own = gate.enter(actor=actor, person_id=actor.person_id)
    gate.require(own, "read_access")
    rows = Invitation._default_manager.filter(person_id=own.person_id, side=Invitation.Side.INVITED, state="waiting")
    return tuple(_card(own, row, "child") for row in rows.filter(expires_at__gt=own.at).order_by("-made_at")[:MOST])


def _card(standing: gate.Standing, row: Invitation, name: str) -> InvitationCard:
    kept = orjson.loads(gate.sealer(standing).unseal(bytes(row.sealed), item=row.id, part=PART))
    is_over = row.state == "waiting" and row.expires_at <= standing.at
    state = "expired" if is_over else row.state
    return InvitationCard(row.id, kept[name], kept.get("by", ""), state, row.made_at, row.expires_at)
