"""What a copy holds for the holder alone: questions to the desk, ways in, sign-ins, changes of contact.

Whoever acts for a person has none of it: how a minor signs in, and what they asked, is theirs (CHI-7).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from healthspace.common.errors import Refused
from healthspace.common.sheets import sheet
from healthspace.documents.reads.copies import Asked
from healthspace.journeys import sign_in
from healthspace.people import reads as accounts
from healthspace.people.reads import providers
from healthspace.schema.context import set_context
from healthspace.spaces.reads import contacts
from healthspace.support.actions import reading
from healthspace.support.reads import TicketCard


def questions(asked: Asked) -> tuple[TicketCard, ...]:
    """The holder's questions to the desk, with texts and files, in the order in which they were asked."""
    if asked.actor.kind != "holder":
        return ()
    found = reading.my_tickets(actor=asked.actor, person_id=asked.person_id)
    then = sorted((one.opened_at, one.id) for one in found if one.opened_at <= asked.asked_at)
    opened = []
    for _opened_at, ticket_id in then:
        with suppress(Refused):  # its year ended meanwhile
            opened.append(reading.my_ticket(actor=asked.actor, person_id=asked.person_id, ticket_id=ticket_id))
    return tuple(opened)


def sheets(asked: Asked, found: Sequence[TicketCard]) -> Iterator[tuple[str, bytes]]:
    """Name and content of each sheet; none when the asker is not the holder."""
    if asked.actor.kind != "holder":
        return
    yield "questions.csv", _questions(found)
    yield "ways-in.csv", _ways_in(asked)
    yield "sessions.csv", _sessions(asked)
    yield "contact-changes.csv", _contact_changes(asked)


def _questions(found: Sequence[TicketCard]) -> bytes:
    head = [_("Question"), _("About"), _("State"), _("Date"), _("Who"), _("Text")]
    rows = [
        (one.id, one.topic, one.state, _at(text.at), text.by_name or _("Me"), text.text)
        for one in found
        for text in one.messages
    ]
    return sheet(head, rows)


def _ways_in(asked: Asked) -> bytes:
    card = sign_in.factors(asked.actor.id)
    rows = [(_("Passkey"), key.label, _at(key.made_at), _at(key.last_used_at)) for key in card.passkeys]
    if card.has_totp:
        rows.append((_("Code app"), "", "", ""))
    if card.paper_left:
        rows.append((_("Codes on paper"), str(card.paper_left), "", ""))
    rows += [(_("Code by e-mail"), "", "", "")] if card.email else []
    rows += [(_("Code by text message"), "", "", "")] if card.sms else []
    if providers.is_linked(asked.actor.id, "citizen"):
        rows.append((_("Digital identity"), "", "", ""))
    rows += [
        (_("Browser that is remembered"), "", _at(since), "")
        for since, _until in accounts.remembered_browsers(asked.actor.id)
    ]
    return sheet([_("Way in"), _("Name"), _("Since"), _("Last used")], rows)


def _sessions(asked: Asked) -> bytes:
    head = [_("Signed in"), _("Last seen"), _("Signed out"), _("By"), _("Browser"), _("System")]
    return sheet(
        head,
        [
            (_at(one.started_at), _at(one.seen_at), _at(one.ended_at), one.means, one.browser, one.system)
            for one in accounts.kept_sessions(asked.actor.id)
        ],
    )


def _contact_changes(asked: Asked) -> bytes:
    with transaction.atomic():
        set_context(asked.person_id)
        found = contacts.kept_changes(asked.person_id)
    head = [_("Asked on"), _("State"), _("Old e-mail"), _("Old phone"), _("New e-mail"), _("New phone")]
    return sheet(
        head,
        [
            (_at(one.asked_at), one.state, one.before.email, one.before.phone, one.after.email, one.after.phone)
            for one in found
        ],
    )


def _at(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
