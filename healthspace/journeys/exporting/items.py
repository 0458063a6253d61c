"""The bodies in a copy: documents, and the files of questions to the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from healthspace.documents.reads import Card, copies
from healthspace.documents.reads.copies import Asked
from healthspace.journeys.exporting.names import file_name, question_file_name
from healthspace.support.actions import reading
from healthspace.support.reads import FileCard, TicketCard

# What is small already only costs time to be made smaller.
PACKED: Final = frozenset({"pdf", "jpeg", "png", "tiff", "application/pdf", "image/png", "image/jpeg"})


@dataclass(frozen=True, slots=True)
class Item:
    """One file of a copy: `size` in bytes; `read` raises Refused when it is gone since."""

    id: UUID
    name: str
    size: int
    is_packed: bool
    read: Callable[[], bytes]


def items(asked: Asked, cards: Sequence[Card], tickets: Sequence[TicketCard]) -> Iterator[Item]:
    """Every body, the documents first, each time in the same order."""
    for card in cards:
        content = partial(copies.content_to_copy, actor=asked.actor, person_id=asked.person_id, document_id=card.id)
        yield Item(card.id, file_name(card), card.size, card.kind in PACKED, content)
    for ticket in tickets:
        for file in ticket.files:
            name = question_file_name(ticket, file)
            yield Item(file.id, name, file.size, file.media_type in PACKED, partial(_read, asked, ticket, file))


def _read(asked: Asked, ticket: TicketCard, file: FileCard) -> bytes:
    who = {"person_id": asked.person_id, "ticket_id": ticket.id, "file_id": file.id}
    return reading.my_file(actor=asked.actor, **who).content
