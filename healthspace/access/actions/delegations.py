"""Asking somebody to help, answering, stopping: both agree to begin, either alone ends it (3.10, T23)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from django.db.models import QuerySet

from healthspace.access import events, gate, rules
from healthspace.access.adapters import caregivers
from healthspace.access.deed import deed
from healthspace.access.models import Delegation, Helping
from healthspace.access.reads import delegations as reads
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Invalid, Refused
from healthspace.outbox import actions as outbox
from healthspace.outbox.events import Fact
from healthspace.schema.context import one_at_a_time
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import OPEN_STATES, Traits, traits_differ
from healthspace.terminology import reads as terminology
from healthspace.vault import reads as vault

RULE: Final = "CAR-4"
Stopped = Literal["revoked", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom one asks, as typed: the 15 characters of the health number, names at birth, day of birth."""

    number: str
    birth_name: str
    first_name: str
    born_on: date

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.birth_name}".strip()


@deed
def ask_help(*, actor: Actor, person_id: UUID, wanted: Wanted, terms: rules.Terms) -> UUID:
    """An adult asks somebody for help; the same answer whether that person has a space here or not (T04, T23).

    Refused to helpers and for children; `Invalid` for terms that cannot be, oneself, or too many. Gives the
    delegation's id.
    """
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "change_access").rule
    if not reads.is_of_age(standing):
        raise gate.absent(standing, "change_access", None)
    _check(terms, standing.at)
    one_at_a_time("helpers", person_id)
    found = _person(wanted)
    if found == person_id:
        raise Invalid("number", RULE, "This is your own number.", "Give the number of the person who helps.")
    gate.enter(actor=actor, person_id=person_id)
    delegation_id = found or _nobody(wanted)
    _check_room(standing, delegation_id)
    _write(standing, delegation_id, wanted.name, terms)
    gate.journal(standing, "helper_invited", rule=rule, item_id=delegation_id, details={"party": wanted.name})
    if found is not None:
        gate.enter(actor=SYSTEM, person_id=found)
        Helping._default_manager.update_or_create(person_id=found, id=person_id, defaults={"invited_at": standing.at})
        outbox.publish(person_id=found, fact=events.HelpAsked(found))
        gate.enter(actor=actor, person_id=person_id)
    return delegation_id


def _check(terms: rules.Terms, at: datetime) -> None:
    limits, today = caregivers.limits(at.date()), at.astimezone(rules.LAW_ZONE).date()
    first, last = today + limits.shortest_days * reads.DAY, today + limits.longest_days * reads.DAY
    if not first <= terms.last_day <= last:
        raise Invalid("last_day", RULE, "Help cannot last until that day.", "Choose a coming day within twelve months.")
    known = terms.categories <= set(terminology.categories()) and terms.scopes <= set(rules.HELP_SCOPES)
    if not known or not (terms.categories or terms.scopes - {"write"}):
        raise Invalid("categories", RULE, "Nothing is chosen.", "Choose at least one thing that this person may see.")


def _person(wanted: Wanted) -> UUID | None:
    """The adult with an open space whom these words name, exactly; leaves the context with whoever was looked at."""
    claimed = Traits(wanted.birth_name, (wanted.first_name,), wanted.born_on, "U", "")
    for found in spaces.persons_of_number(wanted.number):
        other = gate.enter(actor=SYSTEM, person_id=found)
        if other.asker.space_state not in OPEN_STATES or not reads.is_of_age(other):
            continue
        if not traits_differ(spaces.identity(found).traits, claimed):
            return found
    return None


def _nobody(wanted: Wanted) -> UUID:
    """An id for somebody who is not here: the same for the same words, and nobody's."""
    words = f"{wanted.number}|{wanted.birth_name.casefold()}|{wanted.first_name.casefold()}|{wanted.born_on}"
    return UUID(bytes=vault.find_key("ins", f"helper|{words}")[:16], version=4)


def _check_room(standing: gate.Standing, delegation_id: UUID) -> None:
    limits, rows = caregivers.limits(standing.at.date()), _rows(standing.person_id)
    if rows.filter(reads.living(standing.at)).exclude(id=delegation_id).count() >= limits.most_helpers:
        raise Invalid("number", RULE, "You already asked three people.", "End the help of one of them first.")
    since = standing.at - reads.DAY
    same = rows.filter(id=delegation_id)
    if same.filter(reads.living(standing.at)).exists() or same.filter(invited_at__gt=since).exists():
        raise Invalid("number", RULE, "You already asked this person.", "Wait for the answer, or ask again tomorrow.")
    if rows.filter(invited_at__gt=since).count() >= limits.most_invitations_a_day:
        raise Invalid("number", RULE, "You asked many people today.", "Ask again tomorrow.")


def _rows(person_id: UUID) -> QuerySet[Delegation]:
    return Delegation._default_manager.filter(person_id=person_id)


def _write(standing: gate.Standing, delegation_id: UUID, name: str, terms: rules.Terms) -> None:
    ends_at = rules.ends_after(terms.last_day)
    answer_by = standing.at + caregivers.limits(standing.at.date()).answer_days * reads.DAY
    Delegation._default_manager.update_or_create(
        person_id=standing.person_id,
        id=delegation_id,
        defaults={
            "invited_at": standing.at,
            "answer_by": min(answer_by, ends_at),
            "accepted_at": None,
            "declined_at": None,
            "starts_at": standing.at,
            "ends_at": ends_at,
            "ended_at": None,
            "ended_by": "",
            "reminded_at": None,
            "categories": ",".join(sorted(terms.categories)),
            "may_write": "write" in terms.scopes,
            "sees_profile": "profile" in terms.scopes,
            "sees_agenda": "agenda" in terms.scopes,
            "sees_messages": "messages" in terms.scopes,
            "sealed": _sealed(standing, delegation_id, name),
        },
    )


def _sealed(standing: gate.Standing, delegation_id: UUID, name: str) -> bytes:
    plain = json.dumps({"name": name}).encode()
    return gate.sealer(standing).seal(plain, item=delegation_id, part=reads.PART)


@deed
def accept_help(*, actor: Actor, person_id: UUID) -> None:
    """Whoever was asked says yes: from now on they help `person_id`, by what was opened to them.

    Refused when nobody asked, or not any more; `Invalid` for minors and beyond five people helped.
    """
    own_id = _own(actor)
    one_at_a_time("helpers", own_id)
    own = gate.enter(actor=actor, person_id=own_id)
    gate.require(own, "read_access")
    if not reads.is_of_age(own):
        raise Invalid("person", RULE, "Only an adult can help another.", "Ask an adult of your family.")
    if len(reads.helped_ids(actor)) >= caregivers.limits(own.at.date()).most_helped:
        raise Invalid("person", RULE, "You already help five people.", "Stop helping one of them first.")
    helped = _answered(actor, person_id, {"accepted_at": own.at, "starts_at": own.at})
    _rows(person_id).filter(id=own_id).update(sealed=_sealed(helped, own_id, actor.name))
    party = spaces.identity(person_id).name
    _tell(helped, "helper_accepted", actor.name, own_id, events.HelperAnswered(person_id, "yes"))
    own = gate.enter(actor=actor, person_id=own_id)
    gate.journal(own, "help_begun", rule=RULE, item_id=person_id, details={"party": party})
    gate.enter(actor=actor, person_id=person_id)


@deed
def decline_help(*, actor: Actor, person_id: UUID) -> None:
    """Whoever was asked says no; the person who asked is told."""
    helped = _answered(actor, person_id, {"declined_at": gate.enter(actor=actor, person_id=_own(actor)).at})
    _tell(helped, "helper_declined", actor.name, _own(actor), events.HelperAnswered(person_id, "no"))


def _answered(actor: Actor, person_id: UUID, change: dict[str, datetime]) -> gate.Standing:
    """The standing in the space of whoever asked, once the answer is written there."""
    helped = gate.enter(actor=as_caregiver(actor, person_id), person_id=person_id)
    waiting = _rows(person_id).filter(reads.waiting(helped.at), id=_own(actor))
    if helped.asker.space_state not in OPEN_STATES or not waiting.update(**change):
        raise gate.absent(helped, "answer_help", None)
    return helped


@deed
def end_help(*, actor: Actor, person_id: UUID, delegation_id: UUID) -> Stopped:
    """The person ends the help, or takes the question back: at once, and nothing is sent to the helper (T23)."""
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "change_access").rule
    row = _rows(person_id).filter(reads.living(standing.at), id=delegation_id).first()
    if row is None:
        raise gate.absent(standing, "change_access", delegation_id)
    _rows(person_id).filter(id=delegation_id).update(ended_at=standing.at, ended_by=Delegation.EndedBy.HOLDER)
    name = reads.name_of(standing, row)
    gate.journal(standing, "helper_ended", rule=rule, item_id=delegation_id, details={"party": name})
    return "revoked" if row.accepted_at else "withdrawn"


@deed
def prolong_help(*, actor: Actor, person_id: UUID, delegation_id: UUID, last_day: date) -> None:
    """The person lets a helper go on until another day, twelve months at most: the answer to the yearly question."""
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "change_access").rule
    row = _rows(person_id).filter(reads.running(standing.at), id=delegation_id).first()
    if row is None:
        raise gate.absent(standing, "change_access", delegation_id)
    card = reads.terms_of(row)
    _check(replace(card, last_day=last_day), standing.at)
    _rows(person_id).filter(id=delegation_id).update(ends_at=rules.ends_after(last_day), reminded_at=None)
    details = {"party": reads.name_of(standing, row)}
    gate.journal(standing, "helper_prolonged", rule=rule, item_id=delegation_id, details=details)


@deed
def leave_help(*, actor: Actor, person_id: UUID) -> None:
    """A helper stops helping; the person is told. Refused to whoever does not help (any more)."""
    own_id = _own(actor)
    helped = gate.enter(actor=as_caregiver(actor, person_id), person_id=person_id)
    if helped.asker.role != "caregiver":
        raise gate.absent(helped, "answer_help", None)
    _rows(person_id).filter(id=own_id).update(ended_at=helped.at, ended_by=Delegation.EndedBy.CAREGIVER)
    party = spaces.identity(person_id).name
    _tell(helped, "helper_left", actor.name, own_id, events.HelperAnswered(person_id, "left"))
    own = gate.enter(actor=replace(actor, kind="holder", person_id=own_id, own_person_id=None), person_id=own_id)
    gate.journal(own, "help_left", rule=RULE, item_id=person_id, details={"party": party})
    gate.enter(actor=actor, person_id=person_id)


def as_caregiver(actor: Actor, person_id: UUID) -> Actor:
    """This holder as helper of `person_id`; a delegation that runs makes it true."""
    return replace(actor, kind="caregiver", person_id=person_id, own_person_id=_own(actor))


def _own(actor: Actor) -> UUID:
    own_id = actor.own_person_id if actor.kind == "caregiver" else actor.person_id
    if own_id is None or actor.kind not in {"holder", "caregiver"}:
        raise Refused("ABSENT")
    return own_id


def _tell(standing: gate.Standing, kind: str, party: str, item_id: UUID, fact: Fact) -> None:
    gate.journal(standing, kind, rule=RULE, item_id=item_id, details={"party": party})
    outbox.publish(person_id=standing.person_id, fact=fact)
