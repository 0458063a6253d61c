"""Beside a person at a desk: who sits there, how they agree, and what is done for them under both names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from django.db import transaction

from healthspace.access import actions as access_actions
from healthspace.access import reads as access
from healthspace.access import rules
from healthspace.access.deed import deed
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused, Unavailable
from healthspace.enrolment.actions import answers, phone
from healthspace.enrolment.actions.answering import by_agent, use_code
from healthspace.enrolment.actions.answers import Receipt
from healthspace.enrolment.adapters import short_mail
from healthspace.enrolment.reads import claims
from healthspace.enrolment.rules.claims import Claim, NotAccepted, why_not
from healthspace.people import reads as people
from healthspace.people.reads import AccountCard
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces
from healthspace.spaces.reads import contacts
from healthspace.vault.reads import KeyDestroyed

Act = Literal["refuse", "withdraw", "close"]
CHANNEL: Final = "desk"
WORD_OF: Final[dict[Act, str]] = {"refuse": "refuse", "withdraw": "refuse", "close": "close"}
STATES_OF: Final[dict[str, frozenset[str]]] = {
    "activate": frozenset({"not_informed", "informed", "opposed", "open_inactive"}),
    "refuse": frozenset({"not_informed", "informed"}),
    "withdraw": frozenset({"opposed"}),
    "close": frozenset({"open_inactive", "active"}),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """The person of a session of help, as the helper may know them; `mail` is shown in part only."""

    card: access.AssistanceCard
    name: str
    state: str
    language: str
    deadline_at: datetime | None
    mail: str
    is_recovered: bool = False

    @property
    def is_by_code(self) -> bool:
        """True when the person agreed by the digits sent to their own address."""
        return self.card.consent == "code"

    def can_print(self, kind: str) -> bool:
        """True for a form that says no more than what was ticked."""
        return rules.may_print(self.card.scope | ({rules.BY_CODE} if self.is_by_code else frozenset()), kind)

    def can(self, act: str) -> bool:
        """True when this answer was ticked and the space is in a state for it."""
        word = "refuse" if act == "withdraw" else act
        has_code = act != "activate" or self.card.letter_code_id is not None
        return word in self.card.scope and self.state in STATES_OF[act] and has_code


def find(actor: Actor, *, matricule: str, born_on: date, code: str = "", serial: str = "") -> list[phone.Caller]:
    """Whom the numbers typed at the desk may mean, as for the phone; for a certified helper, Refused otherwise."""
    if not access.certified_name(actor.id):
        raise Refused("AST-1")
    return phone.find(actor, matricule=matricule, born_on=born_on, code=code, serial=serial)


def begin(actor: Actor, *, person_id: UUID, by_person_id: UUID, is_child: bool, letter_code_id: UUID | None) -> UUID:
    """Ask for a session of help with this person; nothing is allowed by it yet."""
    return access_actions.ask_assistance(
        actor=actor,
        person_id=person_id,
        by_person_id=by_person_id,
        proof="letter" if letter_code_id else "card",
        is_child=is_child,
        letter_code_id=letter_code_id,
    )


def look(actor: Actor) -> Beside | None:
    """Who is helped now, in a session that is asked for or runs; None when it is over or was cut."""
    card = access.own_assistance(actor=actor)
    if card is None:
        return None
    with transaction.atomic():
        mail = _address(card)
        set_context(card.person_id)
        state = spaces.state(card.person_id)
        try:
            name = spaces.identity(card.person_id).name
        except KeyDestroyed:  # closed within this very session
            name = ""
    is_recovered = people.is_recovered(card.person_id)
    return Beside(card, name, state.state, state.language, state.deadline_at, masked(mail), is_recovered)


def send_digits(actor: Actor) -> None:
    """Send the digits of consent to the person's own address; Unavailable without one, Conflict after three."""
    card = access.own_assistance(actor=actor)
    if card is None:
        raise Refused("AST-1")
    with transaction.atomic():
        address = _address(card)
        set_context(card.person_id)
        language = spaces.state(card.person_id).language
    if not address:
        raise Unavailable("mail-address")
    digits = access_actions.new_assistance_code(actor=actor, person_id=card.person_id)
    short_mail.send(address, short_mail.help_digits(digits, language=language))


def _address(card: access.AssistanceCard) -> str:
    """The mail of whoever sits at the desk, in the transaction of the caller; "" while it is newer than 72 hours."""
    set_context(card.by_person_id)
    try:
        if contacts.is_fresh(card.by_person_id, clock.now()):
            return ""
        return spaces.identity(card.by_person_id).email
    except (Refused, KeyDestroyed):
        return ""


def masked(address: str) -> str:
    """An address as its owner knows it again and nobody else learns it."""
    name, _at, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}" if domain else ""


@deed
def activate(*, actor: Actor, login: str, password: str, language: str) -> AccountCard | None:
    """Open the space with the letter's code while the person types their own words; under both names.

    Raises as `answers.activate`; Refused when it was not ticked.
    """
    card = _running(actor, "activate")
    return answers.activate(
        _claim(card),
        login=login,
        password=password,
        language=language,
        channel=CHANNEL,
        beside=by_agent(actor, card.by_person_id),
    )


def suggest_login(actor: Actor) -> str:
    """A login for the person, as on the letter's pages."""
    card = access.own_assistance(actor=actor)
    return answers.suggest_login(_claim(card)) if card else ""


@deed
def answer(*, actor: Actor, act: Act) -> Receipt:
    """Write down that the person refuses, takes it back, or closes; NotAccepted when the state does not allow it."""
    card = _running(actor, WORD_OF[act])
    by, person_id = by_agent(actor, card.by_person_id), card.person_id
    if card.letter_code_id is not None:
        claim = _claim(card)
        set_context(person_id)
        use_code(claim, claim.proved_at)
    set_context(person_id)
    state = spaces.state(person_id)
    if state.state not in STATES_OF[act]:
        raise NotAccepted(why_not(state.state))
    if act == "refuse":
        return answers.refuse(person_id, by=by, channel=CHANNEL, language=state.language)
    if act == "withdraw":
        return answers.take_back(person_id, by=by, channel=CHANNEL, language=state.language)
    return answers.close_for(person_id, by=by, channel=CHANNEL, language=state.language)


def _running(actor: Actor, word: str) -> access.AssistanceCard:
    card = access.own_assistance(actor=actor)
    if card is None or actor.person_id is None:
        raise Refused("AST-1")
    access_actions.require_scope(actor=actor, person_id=card.person_id, word=word)
    return card


def _claim(card: access.AssistanceCard) -> Claim:
    """What the code of the letter, typed at the beginning, is still worth."""
    claim = None
    if card.letter_code_id is not None:
        claim = claims.held(person_id=card.person_id, code_id=card.letter_code_id, by_person_id=card.by_person_id)
    if claim is None:
        raise NotAccepted("used")
    return claim


def name_of(person_id: UUID) -> str:
    """The name of somebody whom the numbers typed at the desk mean; "" when nobody may know it any more."""
    return claims.name_of(person_id)


@deed
def emergency_choices(*, actor: Actor) -> spaces.SpaceState:
    """What the person chose for an emergency until now; Refused when changing it was not ticked."""
    card = _running(actor, "emergency")
    return spaces.state(card.person_id)


@deed
def change_contact(*, actor: Actor, email: str, phone: str) -> None:
    """The person wants another address: it waits, and every old one is told. Raises as `access.ask_contact_change`."""
    card = _running(actor, "contact")
    access_actions.ask_contact_change(actor=actor, person_id=card.person_id, email=email, phone=phone)
