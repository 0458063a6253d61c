"""Tickets end after a year; nothing is left of a destroyed space."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from healthspace.common import clock
from healthspace.schema.context import set_context
from healthspace.support.models import JointAct, QueueLine, Ticket, TicketFile, TicketMessage
from healthspace.vault import actions as vault


def erase(*, person_id: UUID) -> tuple[str, ...]:
    """Delete everything of this person at the desk; the names of bodies, to be deleted after the commit.

    In the transaction and context of the destruction, in the worker's role (CLO-2).
    """
    items = [*Ticket.objects.filter(person_id=person_id).values_list("id", flat=True)]
    items += JointAct.objects.filter(person_id=person_id).values_list("id", flat=True)
    bodies = tuple(TicketFile.objects.filter(person_id=person_id).values_list("blob", flat=True))
    QueueLine.objects.filter(uuid__in=items).delete()
    for table in (TicketFile, TicketMessage, Ticket, JointAct):
        table._default_manager.filter(person_id=person_id).delete()
    return bodies


def erase_old(limit: int = 200) -> int:
    """Erase tickets that nobody wrote on for a year; how many. For the worker's role."""
    old = Ticket.objects.filter(erase_on__lte=clock.today()).order_by("erase_on")
    found = list(old.values_list("person_id", "id")[:limit])
    for person_id, ticket_id in found:
        for body in _erase_one(person_id, ticket_id):
            vault.delete_blob(blob=body)
    return len(found)


@transaction.atomic
def _erase_one(person_id: UUID, ticket_id: UUID) -> tuple[str, ...]:
    """The bodies of an old ticket, now gone; none of one that its holder wrote on since the list was read."""
    set_context(person_id)
    own = Ticket.objects.select_for_update(of=("self",)).filter(person_id=person_id, id=ticket_id)
    if not own.filter(erase_on__lte=clock.today()).exists():
        return ()
    files = TicketFile.objects.filter(person_id=person_id, ticket_id=ticket_id)
    bodies = tuple(files.values_list("blob", flat=True))
    QueueLine.objects.filter(uuid=ticket_id).delete()
    files.delete()
    TicketMessage.objects.filter(person_id=person_id, ticket_id=ticket_id).delete()
    Ticket.objects.filter(person_id=person_id, id=ticket_id).delete()
    return bodies
