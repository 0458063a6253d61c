"""Copies of a whole space: what its asker sees of them, what the worker makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args
from uuid import UUID

import orjson
from django.db import connection

from healthspace.access import gate
from healthspace.access.deed import deed
from healthspace.common.actor import Actor, ActorKind
from healthspace.documents.models import SpaceCopy, SpaceCopyPart
from healthspace.documents.reads.rows import COLUMN_TYPES, COLUMNS, Card, CardMaker, Row
from healthspace.schema.message import call, send
from healthspace.vault import reads as vault
from healthspace.vault.reads import Sealer

State = Literal["asked", "ready", "failed", "gone"]
ASK: Final = "export"
_ALL: Final = (
    f"SELECT {COLUMNS} FROM documents_document WHERE person_id = %s AND deposited_at <= %s AND ({{visible}})"
    " ORDER BY deposited_at, id"
)
_DUE: Final = (
    "SELECT person_id, id FROM documents_copy WHERE state = 'asked' ORDER BY asked_at LIMIT %s",
    "SELECT person_id, id FROM documents_copy WHERE state = 'ready' AND expires_at <= %s LIMIT %s",
)


@dataclass(frozen=True, slots=True)
class PartCard:
    """One ZIP of a copy: name and size in bytes; `documents` are those inside."""

    number: int
    name: str
    size: int
    documents: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class CopyCard:
    """A copy as its asker sees it."""

    id: UUID
    state: State
    asked_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None
    parts: tuple[PartCard, ...]

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return sum(part.size for part in self.parts)


@dataclass(frozen=True, slots=True)
class Asked:
    """A copy to be made: by whom it was asked, in which language."""

    person_id: UUID
    id: UUID
    actor: Actor
    asked_at: datetime
    language: str
    parts: tuple[PartCard, ...]


@deed
def copies(*, actor: Actor, person_id: UUID) -> tuple[CopyCard, ...]:
    """This asker's own copies, the latest first; a parent's copy is not the child's."""
    standing = gate.enter(actor=actor, person_id=person_id)
    gate.require(standing, ASK)
    rows = SpaceCopy.objects.filter(person_id=person_id, asked_by_id=actor.id).order_by("-asked_at")[:5]
    return tuple(card_of(row, gate.sealer(standing), standing.at) for row in rows)


@deed
def documents_to_copy(*, actor: Actor, person_id: UUID, up_to: datetime) -> tuple[Card, ...]:
    """Every document that the asker may read, filed until then, the first filed first."""
    standing = gate.enter(actor=actor, person_id=person_id)
    gate.require(standing, ASK)
    visible, params = gate.visible(standing)
    statement = call(_ALL.format(visible=visible), [person_id, up_to, *params])
    rows = send(f"{gate.level_sql(standing)}; {statement}", COLUMN_TYPES)
    maker = CardMaker(standing)
    return tuple(maker.card(Row(*row)) for row in rows)


@deed
def content_to_copy(*, actor: Actor, person_id: UUID, document_id: UUID) -> bytes:
    """The bytes of one document for the copy, exactly as filed; Refused when it may not be read any more."""
    standing = gate.enter(actor=actor, person_id=person_id)
    gate.require(standing, ASK)
    found = send(
        call(f"SELECT {COLUMNS} FROM documents_document WHERE person_id = %s AND id = %s", [person_id, document_id]),
        COLUMN_TYPES,
    )
    if not found:
        raise gate.absent(standing, "open", document_id)
    row = Row(*found[0])
    gate.require(standing, "open", row.guarded(), document_id)
    return vault.open_blob(person_id=person_id, item=document_id, blob=row.blob)


def asked_copies(limit: int = 1) -> list[tuple[UUID, UUID]]:
    """Copies that wait to be made, across persons: person and copy. For the worker's role."""
    return _pairs(_DUE[0], [limit])


def expired_copies(at: datetime, limit: int = 20) -> list[tuple[UUID, UUID]]:
    """Copies whose seven days are over, across persons. For the worker's role."""
    return _pairs(_DUE[1], [at, limit])


def asked(person_id: UUID, copy_id: UUID) -> Asked | None:
    """What to make, in a transaction whose context is this person; None when it is not waiting any more."""
    row = SpaceCopy.objects.filter(person_id=person_id, id=copy_id, state="asked").first()
    if row is None:
        return None
    sealer = vault.sealer(person_id)
    told: dict[str, Any] = orjson.loads(sealer.unseal(bytes(row.sealed), item=copy_id, part="copy:1"))
    kind: ActorKind = next(kind for kind in get_args(ActorKind) if kind == row.asked_by_kind)
    own_id = UUID(told["own_person_id"]) if told.get("own_person_id") else None
    actor = Actor(kind=kind, id=row.asked_by_id, name=told["name"], person_id=person_id, own_person_id=own_id)
    return Asked(person_id, copy_id, actor, row.asked_at, told["language"], parts_of(person_id, copy_id, sealer))


def card_of(row: SpaceCopy, sealer: Sealer, at: datetime) -> CopyCard:
    """The card of one copy; what is over says so even before the worker comes by."""
    is_over = row.expires_at is not None and row.expires_at <= at
    state: State = "gone" if is_over else row.state  # type: ignore[assignment]  # one of the four choices
    parts = () if state == "gone" else parts_of(row.person_id, row.id, sealer)
    return CopyCard(row.id, state, row.asked_at, row.ready_at, row.expires_at, parts)


def parts_of(person_id: UUID, copy_id: UUID, sealer: Sealer) -> tuple[PartCard, ...]:
    """The parts made so far, in their order."""
    rows = SpaceCopyPart.objects.filter(person_id=person_id, copy_id=copy_id).order_by("number")
    return tuple(part_card(row, sealer) for row in rows)


def part_card(row: SpaceCopyPart, sealer: Sealer) -> PartCard:
    """The card of one part."""
    told: dict[str, Any] = orjson.loads(sealer.unseal(bytes(row.sealed), item=row.id, part="copy_part:1"))
    return PartCard(row.number, told["name"], told["size"], tuple(UUID(one) for one in told["documents"]))


def _pairs(statement: str, params: list[Any]) -> list[tuple[UUID, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return [(person_id, copy_id) for person_id, copy_id in cursor.fetchall()]
