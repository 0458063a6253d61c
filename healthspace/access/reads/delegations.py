"""Who helps a person, and whom one helps."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from django.db.models import Q

from healthspace.access import gate, rules
from healthspace.access.deed import deed
from healthspace.access.models import Delegation, Helping
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import OPEN_STATES

PART: Final = "helper:1"
MOST_LOOKED_AT: Final = 50
DAY: Final = timedelta(days=1)
State = Literal["waiting", "running", "declined", "unanswered", "left", "over"]


@dataclass(frozen=True, slots=True)
class HelperCard:
    """Somebody who helps this person, or was asked to; `last_day` is the last day of help."""

    id: UUID
    name: str
    state: State
    terms: rules.Terms
    asked_at: datetime
    answer_by: datetime
    is_asked_again: bool

    @property
    def last_day(self) -> date:
        return self.terms.last_day


@dataclass(frozen=True, slots=True)
class HelpedCard:
    """Somebody whom one helps now, or who asks for it, with what they opened."""

    person_id: UUID
    name: str
    terms: rules.Terms
    answer_by: datetime
    is_running: bool

    @property
    def last_day(self) -> date:
        return self.terms.last_day


def is_of_age(standing: gate.Standing) -> bool:
    """True from the eighteenth birthday on; only adults help and are helped in this way."""
    return standing.at >= rules.comes_of_age(spaces.identity(standing.person_id).traits.born_on)


def running(at: datetime) -> Q:
    """Accepted by both, not ended, not over."""
    return Q(accepted_at__isnull=False, ended_at=None, starts_at__lte=at, ends_at__gt=at)


def waiting(at: datetime) -> Q:
    """Asked, and still to be answered."""
    return Q(accepted_at=None, declined_at=None, ended_at=None, answer_by__gt=at, ends_at__gt=at)


def living(at: datetime) -> Q:
    """What counts among the three."""
    return running(at) | waiting(at)


def terms_of(row: Delegation) -> rules.Terms:
    """What was opened to this helper."""
    given = {"write": row.may_write, "profile": row.sees_profile, "agenda": row.sees_agenda}
    given |= {"messages": row.sees_messages}
    last = (row.ends_at - timedelta(seconds=1)).astimezone(rules.LAW_ZONE).date()
    categories = frozenset(row.categories.split(",")) - {""}
    return rules.Terms(categories, frozenset(scope for scope, is_given in given.items() if is_given), last)


def name_of(standing: gate.Standing, row: Delegation) -> str:
    """The helper's name as the person typed it, or as the helper's own space has it once accepted."""
    plain = gate.sealer(standing).unseal(bytes(row.sealed), item=row.id, part=PART)
    return str(json.loads(plain)["name"])


@deed
def helpers(*, actor: Actor, person_id: UUID) -> tuple[HelperCard, ...]:
    """Everybody whom this person asked for help, those who help first; for the person's side, never for helpers."""
    standing = gate.enter(actor=actor, person_id=person_id)
    gate.require(standing, "read_access")
    rows = Delegation._default_manager.filter(person_id=person_id).order_by("-invited_at", "id")
    cards = [_helper(standing, row) for row in rows[:MOST_LOOKED_AT]]
    order = ("running", "waiting", "declined", "unanswered", "left", "over")
    return tuple(sorted(cards, key=lambda card: order.index(card.state)))


@deed
def may_have_helpers(*, actor: Actor, person_id: UUID) -> bool:
    """True for adults: a child has its parents."""
    standing = gate.enter(actor=actor, person_id=person_id)
    gate.require(standing, "read_access")
    return is_of_age(standing)


def _helper(standing: gate.Standing, row: Delegation) -> HelperCard:
    state = _state(row, standing.at)
    is_asked = row.reminded_at is not None and state == "running"
    return HelperCard(
        row.id, name_of(standing, row), state, terms_of(row), row.invited_at, row.answer_by, is_asked_again=is_asked
    )


def _state(row: Delegation, at: datetime) -> State:
    if row.declined_at:
        return "declined"
    if row.ended_at:
        return "left" if row.ended_by == Delegation.EndedBy.CAREGIVER else "over"
    if row.accepted_at:
        return "running" if at < row.ends_at else "over"
    return "waiting" if at < min(row.answer_by, row.ends_at) else "unanswered"


@deed
def helped(*, actor: Actor) -> tuple[HelpedCard, ...]:
    """Whom this holder helps at this instant, by name; each is asked of its own delegation, nothing is kept (T23)."""
    return _cards(actor, is_running=True)


@deed
def asking_me(*, actor: Actor) -> tuple[HelpedCard, ...]:
    """Who asks this holder for help and waits for the answer."""
    return _cards(actor, is_running=False)


def helped_ids(actor: Actor) -> list[UUID]:
    """The persons whom this holder helps now; in the caller's transaction, whose context it leaves."""
    return [card.person_id for card in _cards(actor, is_running=True)]


def _cards(actor: Actor, *, is_running: bool) -> tuple[HelpedCard, ...]:
    if actor.kind != "holder" or actor.person_id is None:
        raise Refused("OWN")
    own_id = actor.person_id
    standing = gate.enter(actor=actor, person_id=own_id)
    gate.require(standing, "read_access")
    mirror = Helping._default_manager.filter(person_id=own_id).order_by("-invited_at", "id")
    cards = []
    for person_id in list(mirror.values_list("id", flat=True)[:MOST_LOOKED_AT]):
        acting = replace(actor, kind="caregiver", person_id=person_id, own_person_id=own_id)
        other = gate.enter(actor=acting, person_id=person_id)
        if other.asker.space_state not in OPEN_STATES:
            continue
        wanted = running(other.at) if is_running else waiting(other.at)
        row = Delegation._default_manager.filter(wanted, person_id=person_id, id=own_id).first()
        if row is not None:
            name = spaces.identity(person_id).name
            cards.append(HelpedCard(person_id, name, terms_of(row), row.answer_by, is_running=is_running))
    return tuple(sorted(cards, key=lambda card: card.name))
