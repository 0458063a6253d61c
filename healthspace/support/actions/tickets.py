"""A question of the holder, its answer by an agent, its end; kept one year, then erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import orjson

from healthspace.access.deed import deed
from healthspace.common import clock, ids
from healthspace.common.actor import Actor
from healthspace.common.errors import Conflict, Invalid, Refused, TooLarge
from healthspace.outbox import actions as outbox
from healthspace.schema.context import one_at_a_time, set_context
from healthspace.support import events, rules
from healthspace.support.actions.lines import dequeue, enqueue, journal, own, require_agent
from healthspace.support.models import Ticket, TicketFile, TicketMessage
from healthspace.support.reads import tickets as reads
from healthspace.vault import actions as vault_acts
from healthspace.vault import reads as vault

TICKET: Final = "ticket"
FILES_RULE: Final = "DESK-FILES"


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it comes from the holder."""

    name: str
    content: bytes


@deed
def send_ticket(*, actor: Actor, person_id: UUID, topic: str, text: str, files: Sequence[Given] = ()) -> UUID:
    """The holder writes to the desk and so lets its agents read this text and these files; the ticket's id.

    Refused to anybody else. Invalid for no or too long a text, an unknown topic, more than five files or a kind of
    file that is not taken; TooLarge above 10 MB; Conflict while ten questions are open.
    """
    own(actor, person_id, "write_ticket")
    if topic not in rules.TOPICS:
        raise Invalid("topic", "DESK-TOPIC", "There is no such topic.", "Choose one of the list.")
    words, checked = _checked_text(text), _checked_files(files)
    one_at_a_time("questions", person_id)
    is_living = Ticket.objects.filter(person_id=person_id).exclude(state="closed")
    if is_living.count() >= rules.MOST_OPEN:
        raise Conflict("too many questions are open")
    at, ticket_id = clock.now(), ids.new_id()
    erase_on = clock.today() + timedelta(days=rules.KEPT_DAYS)
    Ticket.objects.create(
        person_id=person_id, id=ticket_id, topic=topic, opened_at=at, changed_at=at, erase_on=erase_on
    )
    _say(person_id, ticket_id, "holder", "", words)
    for given, media_type in checked:
        _keep(person_id, ticket_id, given, media_type)
    enqueue(item_id=ticket_id, person_id=person_id, kind=TICKET, topic=topic)
    journal(person_id, actor, "ticket_sent", item_id=ticket_id)
    return ticket_id


@deed
def write_on(*, actor: Actor, person_id: UUID, ticket_id: UUID, text: str) -> None:
    """The holder adds to their ticket; it waits for an agent again. Conflict once it is closed."""
    own(actor, person_id, "write_ticket")
    row = _locked(person_id, ticket_id)
    _say(person_id, ticket_id, "holder", "", _checked_text(text))
    _change(row, "open")
    enqueue(item_id=ticket_id, person_id=person_id, kind=TICKET, topic=row.topic)
    journal(person_id, actor, "ticket_sent", item_id=ticket_id)


@deed
def answer_ticket(*, actor: Actor, person_id: UUID, ticket_id: UUID, text: str) -> None:
    """An agent answers, under their own name; the answer waits in the space, and a notice tells of it."""
    require_agent(actor)
    set_context(person_id)
    row = _locked(person_id, ticket_id)
    _say(person_id, ticket_id, "agent", actor.name, _checked_text(text))
    _change(row, "answered")
    dequeue(ticket_id)
    journal(person_id, actor, "ticket_answered", item_id=ticket_id)
    outbox.publish(person_id=person_id, fact=events.TicketAnswered(person_id, ticket_id))


@deed
def close_ticket(*, actor: Actor, person_id: UUID, ticket_id: UUID) -> None:
    """The holder needs no more help with this; twice is once."""
    own(actor, person_id, "write_ticket")
    row = Ticket.objects.select_for_update(of=("self",)).filter(person_id=person_id, id=ticket_id).first()
    if row is None:
        raise Refused("ABSENT")
    if row.state != "closed":
        _change(row, "closed")
        dequeue(ticket_id)
        journal(person_id, actor, "ticket_closed", item_id=ticket_id)


def _locked(person_id: UUID, ticket_id: UUID) -> Ticket:
    row = Ticket.objects.select_for_update(of=("self",)).filter(person_id=person_id, id=ticket_id).first()
    if row is None:
        raise Refused("ABSENT")
    if row.state == "closed":
        raise Conflict("this question is closed")
    return row


def _change(row: Ticket, state: str) -> None:
    erase_on = clock.today() + timedelta(days=rules.KEPT_DAYS)
    own_row = Ticket.objects.filter(person_id=row.person_id, id=row.id)
    own_row.update(state=state, changed_at=clock.now(), erase_on=erase_on)


def _say(person_id: UUID, ticket_id: UUID, by_kind: str, name: str, text: str) -> None:
    message_id = ids.new_id()
    plain = orjson.dumps({"name": name, "text": text})
    sealed = vault.sealer(person_id).seal(plain, item=message_id, part=reads.TEXT_PART)
    TicketMessage.objects.create(
        person_id=person_id, id=message_id, ticket_id=ticket_id, by_kind=by_kind, at=clock.now(), sealed=sealed
    )


def _keep(person_id: UUID, ticket_id: UUID, given: Given, media_type: str) -> None:
    file_id = ids.new_id()
    name = rules.plain_name(given.name).encode()
    TicketFile.objects.create(
        person_id=person_id,
        id=file_id,
        ticket_id=ticket_id,
        media_type=media_type,
        size=len(given.content),
        sealed_name=vault.sealer(person_id).seal(name, item=file_id, part=reads.NAME_PART),
        blob=vault_acts.store_blob(person_id=person_id, item=file_id, content=given.content),
    )


def _checked_text(text: str) -> str:
    words = text.replace("\x00", "").strip()
    if not words:
        raise Invalid("text", "DESK-TEXT", "Nothing is written.", "Write your question.")
    if len(words) > rules.LONGEST_TEXT:
        raise Invalid("text", "DESK-TEXT", f"More than {rules.LONGEST_TEXT} signs.", "Write it shorter.")
    return words


def _checked_files(files: Sequence[Given]) -> list[tuple[Given, str]]:
    if len(files) > rules.MOST_FILES:
        raise Invalid("files", FILES_RULE, f"More than {rules.MOST_FILES} files.", "Send fewer files.")
    found = []
    for given in files:
        if len(given.content) > rules.LARGEST_BYTES:
            raise TooLarge(rules.LARGEST_BYTES)
        media_type = rules.media_type_of(given.content)
        if not media_type:
            raise Invalid("files", FILES_RULE, "This kind of file is not taken.", "Send a PDF, a photo or a text.")
        found.append((given, media_type))
    return found
