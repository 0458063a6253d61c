"""Answering by phone: an agent writes down what a caller says, under the agent's own name (ENR-8, ENR-12).

The caller proves who they are as on the pages: number and birth date, with the letter's code or the
serial number of the health card. With the card, the agent can order a new code too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from healthspace.access import actions as access
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.enrolment.actions import answers, claims, codes
from healthspace.enrolment.actions.answering import by_agent, use_code
from healthspace.enrolment.actions.answers import Receipt
from healthspace.enrolment.actions.lines import journal
from healthspace.enrolment.reads import claims as reads
from healthspace.enrolment.reads.claims import Candidate, Claim
from healthspace.enrolment.rules import claims as rules
from healthspace.enrolment.rules.claims import NotAccepted, TooSoon
from healthspace.people.rules import TooManyTries
from healthspace.schema.context import set_context
from healthspace.spaces import actions as closing
from healthspace.spaces import reads as spaces
from healthspace.vault import reads as vault


@dataclass(frozen=True, slots=True)
class Caller:
    """A person the caller may speak for; `claim` when the letter's code proved it, else the card did."""

    person_id: UUID
    by_person_id: UUID
    name: str
    is_child: bool
    state: str
    deadline_at: datetime | None
    language: str
    claim: Claim | None = None

    @property
    def may_refuse(self) -> bool:
        """True while a refusal can be written down."""
        return self.state in {"not_informed", "informed"}

    @property
    def may_withdraw(self) -> bool:
        """True while a refusal can be taken back."""
        return self.state == "opposed"

    @property
    def may_close(self) -> bool:
        """True while the space can be closed by phone (CLO-1): opened by law, or a child's.

        Whoever signs in closes it there, with the password; by phone once they are known to the agent by a card.
        """
        return self.state == "open_inactive" or (self.state == "active" and self.is_child)

    @property
    def may_reopen(self) -> bool:
        """True while a closed space can be given back (CLO-3)."""
        return self.state == "closed"


def find(agent: Actor, *, matricule: str, born_on: date, code: str = "", serial: str = "") -> list[Caller]:
    """Whom the caller may speak for (twins: both), each looked at under the agent's name in the journal.

    Refused to anybody but an agent; Invalid for what cannot be a number, code or serial (none of both too);
    NotAccepted "unknown" when nothing fits; TooSoon when the agent tries too many that do not fit.
    """
    by_agent(agent, None)
    if code:
        claim = claims.check(matricule=matricule, born_on=born_on, code=code, source=_desk(agent))
        found = [_of_claim(claim)]
    else:
        found = _by_card(agent, matricule, born_on, serial)
    for caller in found:
        with transaction.atomic():
            set_context(caller.person_id)
            journal(caller.person_id, agent, "identity_searched", "ENR-8")
    return found


def oppose(agent: Actor, caller: Caller) -> Receipt:
    """The agent writes down that the caller refuses; NotAccepted when the state no longer allows it."""
    by = by_agent(agent, caller.by_person_id)
    with transaction.atomic():
        _prove(caller)
        return answers.refuse(caller.person_id, by=by, channel="phone", language=caller.language)


def withdraw(agent: Actor, caller: Caller) -> Receipt:
    """The agent writes down that the caller no longer refuses."""
    by = by_agent(agent, caller.by_person_id)
    with transaction.atomic():
        _prove(caller)
        return answers.take_back(caller.person_id, by=by, channel="phone", language=caller.language)


def close(agent: Actor, caller: Caller) -> Receipt:
    """The agent writes down that the caller closes the space, their own or their child's (CLO-1).

    NotAccepted when it is not open, or is used by an adult who closes it signed in.
    """
    by = by_agent(agent, caller.by_person_id)
    with transaction.atomic():
        _prove(caller)
        now = spaces.state(caller.person_id).state
        if not replace(caller, state=now).may_close:
            raise NotAccepted(rules.why_not(now))
        return answers.close_for(caller.person_id, by=by, channel="phone", language=caller.language)


def reopen(agent: Actor, caller: Caller) -> None:
    """The agent asks for a closed space back; the worker opens it within seconds, with all that was in it (CLO-3)."""
    by_agent(agent, None)
    with transaction.atomic():
        _prove(caller)
        now = spaces.state(caller.person_id).state
        if now != "closed":
            raise NotAccepted(rules.why_not(now))
        closing.ask_reopening(actor=agent, person_id=caller.person_id)


def ask_contact(agent: Actor, caller: Caller, *, email: str, phone: str) -> closing.Asked:
    """The agent writes down another e-mail or phone for the caller's own space: it waits 72 hours (T12).

    Never for a relative, nor with what is a parent's for a minor. Fails as `access.ask_contact_change` does;
    empty texts leave what is known.
    """
    by_agent(agent, None)
    if caller.person_id != caller.by_person_id:
        raise NotAccepted("unknown")
    with transaction.atomic():
        _prove(caller)
        known = spaces.identity(caller.person_id)
        return access.ask_contact_change(
            actor=agent, person_id=caller.person_id, email=email or known.email, phone=phone or known.phone
        )


def order_code(agent: Actor, *, matricule: str, born_on: date, serial: str) -> None:
    """The agent asks for a new code for the caller; the same whatever leaves (T03)."""
    by_agent(agent, None)
    codes.request_new(matricule=matricule, serial=serial, born_on=born_on, source=_desk(agent))


def _desk(agent: Actor) -> str:
    """The source that an agent's tries count against."""
    return f"agent:{agent.id}"


def _prove(caller: Caller) -> None:
    """The code of the letter, when it was the proof, serves here as on the pages: once."""
    set_context(caller.person_id)
    if caller.claim is not None:
        use_code(caller.claim, clock.now())


def _by_card(agent: Actor, matricule: str, born_on: date, serial: str) -> list[Caller]:
    number = rules.number(matricule, allow_test=spaces.accepts_tests())
    card = rules.card_serial(serial)
    at, today = clock.now(), clock.today()
    with transaction.atomic(durable=True):
        try:
            claims.count_source(_desk(agent), at)
        except TooManyTries as many:
            wait: int | None = claims.wait(many, at)
        else:
            wait = None
            found = reads.candidates(matricule=number, born_on=born_on, at=at, today=today, card_serial=card)
            fitting = [one for one in found if one.is_born_then and one.has_card]
            callers = [_of_candidate(one, today) for one in fitting]
            if callers:
                claims.forgive_source(_desk(agent))
    if wait is not None:
        raise TooSoon(wait)
    if not callers:
        raise NotAccepted("unknown")
    return callers


def _of_candidate(candidate: Candidate, today: date) -> Caller:
    set_context(candidate.person_id)
    state = spaces.state(candidate.person_id)
    name, is_child = _who(candidate, today)
    return Caller(
        person_id=candidate.person_id,
        by_person_id=candidate.owner_id,
        name=name,
        is_child=is_child,
        state=state.state,
        deadline_at=state.deadline_at,
        language=state.language,
    )


def _who(candidate: Candidate, today: date) -> tuple[str, bool]:
    """Name, and whether it is a child; no name while it lies in the archive with the rest of a closed space."""
    try:
        who = spaces.identity(candidate.person_id)
    except vault.KeyDestroyed:
        return "", candidate.owner_id != candidate.person_id
    return who.name, rules.is_minor(who.traits.born_on, today)


def _of_claim(claim: Claim) -> Caller:
    return Caller(
        person_id=claim.person_id,
        by_person_id=claim.by_person_id,
        name=claim.name,
        is_child=claim.is_child,
        state=claim.state,
        deadline_at=claim.deadline_at,
        language=claim.language,
        claim=claim,
    )
