"""Tickets: cards and rows; who may read them is decided by the readings of `support.reads.reading`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

import orjson

from healthspace.support.models import Ticket, TicketFile, TicketMessage
from healthspace.vault import reads as vault

TEXT_PART: Final = "ticket-text:1"
NAME_PART: Final = "ticket-file-name:1"


@dataclass(frozen=True, slots=True)
class Message:
    """One text; `by_name` is the agent's name, empty for the holder."""

    by_kind: str
    by_name: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class FileCard:
    """A file of a ticket; `size` in bytes."""

    id: UUID
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class TicketCard:
    """A ticket, with its texts and files where it is opened."""

    id: UUID
    person_id: UUID
    topic: str
    state: str
    opened_at: datetime
    changed_at: datetime
    erase_on: date
    messages: tuple[Message, ...] = ()
    files: tuple[FileCard, ...] = ()


def card(row: Ticket, messages: tuple[Message, ...] = (), files: tuple[FileCard, ...] = ()) -> TicketCard:
    """A row as it is shown."""
    return TicketCard(
        id=row.id,
        person_id=row.person_id,
        topic=row.topic,
        state=row.state,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        erase_on=row.erase_on,
        messages=messages,
        files=files,
    )


def messages_of(person_id: UUID, ticket_id: UUID) -> tuple[Message, ...]:
    """The texts of a ticket, oldest first, unsealed in the person's context."""
    rows = TicketMessage.objects.filter(person_id=person_id, ticket_id=ticket_id).order_by("at")
    sealer = vault.sealer(person_id)
    return tuple(_message(sealer, row) for row in rows)


def _message(sealer: vault.Sealer, row: TicketMessage) -> Message:
    kept: Mapping[str, str] = orjson.loads(sealer.unseal(bytes(row.sealed), item=row.id, part=TEXT_PART))
    return Message(row.by_kind, kept["name"], row.at, kept["text"])


def files_of(person_id: UUID, ticket_id: UUID) -> tuple[FileCard, ...]:
    """The files of a ticket, without their bodies."""
    sealer = vault.sealer(person_id)
    rows = TicketFile.objects.filter(person_id=person_id, ticket_id=ticket_id).order_by("id")
    return tuple(
        FileCard(
            row.id,
            sealer.unseal(bytes(row.sealed_name), item=row.id, part=NAME_PART).decode(),
            row.media_type,
            row.size,
        )
        for row in rows
    )


def is_blob_named(blob: str) -> bool:
    """True when a ticket's file lies in this body; across persons, for the sweep in the worker's role."""
    return TicketFile.objects.filter(blob=blob).exists()
