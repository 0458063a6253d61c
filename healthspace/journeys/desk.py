"""What an agent may know of a space: whether it is open and in how many ways its holder can sign in; no content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.enrolment.actions import claims
from healthspace.enrolment.reads.last_code import last_code_at
from healthspace.enrolment.rules import claims as rules
from healthspace.enrolment.rules.claims import TooSoon
from healthspace.people import reads as people
from healthspace.people.rules import Channels, TooManyTries
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces
from healthspace.spaces.reads import contacts
from healthspace.support.actions.looking import look
from healthspace.vault.reads import KeyDestroyed


@dataclass(frozen=True, slots=True)
class Status:
    """Counts and dates; no name, no address, no secret, nothing about health."""

    state: str
    has_account: bool
    passkeys: int
    has_app_codes: bool
    paper_codes: int
    has_email: bool
    has_phone: bool
    last_code_at: datetime | None
    contact_waits_until: datetime | None


def status(*, actor: Actor, person_id: UUID) -> Status:
    """The state of this space for an agent, whose look stands in its journal; Refused to anybody else."""
    account = people.account_of_person(person_id)
    with transaction.atomic():
        look(actor=actor, person_id=person_id)
        set_context(person_id)
        state = spaces.state(person_id).state
        reach, waits = _reach(person_id)
        last = last_code_at(person_id)
    is_usable = account is not None and account.is_active
    ways = people.factors(account.id, Channels(*reach)) if account is not None and is_usable else None
    return Status(
        state=state,
        has_account=is_usable,
        passkeys=len(ways.passkeys) if ways else 0,
        has_app_codes=bool(ways and ways.has_totp),
        paper_codes=ways.paper_left if ways else 0,
        has_email=bool(reach[0]),
        has_phone=bool(reach[1]),
        last_code_at=last,
        contact_waits_until=waits,
    )


def adult_of(*, actor: Actor, matricule: str, born_on: date) -> UUID | None:
    """Who has this number, this birth date and an open space of their own, for an agent who read a judge's decision.

    None when nobody fits; Invalid for what cannot be a number; TooSoon when this agent asks too often, whoever was
    found; Refused to anybody but an agent. The look stands in the journal of whoever is found.
    """
    if actor.kind != "support":
        raise Refused("T12")
    number, at = rules.number(matricule, allow_test=spaces.accepts_tests()), clock.now()
    try:
        with transaction.atomic(durable=True):
            claims.count_source(claims.desk_source(actor), at)
    except TooManyTries as many:
        raise TooSoon(claims.wait(many, at)) from None
    for person_id in spaces.persons_of_number(number):
        with transaction.atomic():
            set_context(person_id)
            is_open = spaces.state(person_id).is_open
            if is_open and spaces.identity(person_id).traits.born_on == born_on:
                look(actor=actor, person_id=person_id)
                return person_id
    return None


def _reach(person_id: UUID) -> tuple[tuple[str, str], datetime | None]:
    """How the holder is reached, and until when a change of it waits; nothing where the key lies in the archive."""
    try:
        known, change = contacts.reach(person_id), contacts.waiting_contact(person_id)
    except (KeyDestroyed, Refused):
        return ("", ""), None
    return (known.email, known.phone), change.applies_at if change else None
