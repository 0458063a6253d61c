"""Opening tickets: by their holder, and by an agent whose look leaves a line in the holder's journal."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from healthspace.access.deed import deed
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.schema.context import set_context
from healthspace.support.actions.lines import journal, own, require_agent
from healthspace.support.models import Ticket, TicketFile
from healthspace.support.reads import tickets as reads
from healthspace.support.reads.tickets import FileCard, TicketCard
from healthspace.vault import reads as vault


@dataclass(frozen=True, slots=True)
class Opened:
    """A file of a ticket with its bytes."""

    card: FileCard
    content: bytes


@deed
def my_tickets(*, actor: Actor, person_id: UUID) -> tuple[TicketCard, ...]:
    """The holder's own tickets, the latest first, without their texts."""
    own(actor, person_id, "read_ticket")
    return tuple(reads.card(row) for row in Ticket.objects.filter(person_id=person_id).order_by("-changed_at"))


@deed
def my_ticket(*, actor: Actor, person_id: UUID, ticket_id: UUID) -> TicketCard:
    """One of the holder's own tickets, with everything; Refused when it is not theirs."""
    own(actor, person_id, "read_ticket")
    return _opened(person_id, ticket_id)


@deed
def my_file(*, actor: Actor, person_id: UUID, ticket_id: UUID, file_id: UUID) -> Opened:
    """A file that the holder sent."""
    own(actor, person_id, "read_ticket")
    return _file(person_id, ticket_id, file_id)


@deed
def open_ticket(*, actor: Actor, person_id: UUID, ticket_id: UUID) -> TicketCard:
    """An agent reads a ticket: its texts and the names of its files; journalled under the agent's name."""
    require_agent(actor)
    set_context(person_id)
    card = _opened(person_id, ticket_id)
    journal(person_id, actor, "ticket_read", item_id=ticket_id)
    return card


@deed
def open_file(*, actor: Actor, person_id: UUID, ticket_id: UUID, file_id: UUID) -> Opened:
    """An agent opens a file that the holder sent to the desk; journalled under the agent's name."""
    require_agent(actor)
    set_context(person_id)
    found = _file(person_id, ticket_id, file_id)
    journal(person_id, actor, "ticket_read", item_id=ticket_id)
    return found


def _opened(person_id: UUID, ticket_id: UUID) -> TicketCard:
    row = Ticket.objects.filter(person_id=person_id, id=ticket_id).first()
    if row is None:
        raise Refused("ABSENT")
    return reads.card(row, reads.messages_of(person_id, ticket_id), reads.files_of(person_id, ticket_id))


def _file(person_id: UUID, ticket_id: UUID, file_id: UUID) -> Opened:
    row = TicketFile.objects.filter(person_id=person_id, ticket_id=ticket_id, id=file_id).first()
    if row is None:
        raise Refused("ABSENT")
    card = next(one for one in reads.files_of(person_id, ticket_id) if one.id == file_id)
    return Opened(card, vault.open_blob(person_id=person_id, item=row.id, blob=row.blob))
