"""What a copy says of the people around its person: who acts, who helps, for whom one acts oneself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from healthspace.access import reads as access
from healthspace.access.rules import Terms
from healthspace.common.sheets import sheet
from healthspace.documents.reads.copies import Asked

NOW: Final = "running"


@dataclass(frozen=True, slots=True)
class Around:
    """One bond with somebody; `kind`, `state` and `opened` in the words of the product's interfaces."""

    bond: str
    name: str
    kind: str
    state: str
    since: datetime | None
    until: date | datetime | None
    opened: str


def people(asked: Asked) -> tuple[Around, ...]:
    """Everybody whom the asker may know of: a parent's copy holds the child's people, not the child's own bonds."""
    own = _own(asked) if asked.actor.kind == "holder" else _of_child(asked)
    return (*_acting(asked), *_helping(asked), *own, *_beside(asked))


def people_sheet(found: tuple[Around, ...]) -> bytes:
    """people.csv"""
    head = [_("Bond"), _("Who"), _("Kind"), _("State"), _("From"), _("Until"), _("What is open")]
    return sheet(
        head, [(one.bond, one.name, one.kind, one.state, _at(one.since), _at(one.until), one.opened) for one in found]
    )


def forms_sheet(asked: Asked) -> bytes:
    """paper-forms.csv"""
    found = access.printed_forms(actor=asked.actor, person_id=asked.person_id)
    return sheet(
        [_("Form"), _("Printed on"), _("Serves until"), _("Carried out on")],
        [(one.kind, _at(one.made_at), _at(one.expires_at), _at(one.used_at)) for one in found],
    )


def _acting(asked: Asked) -> Iterator[Around]:
    for one in access.representatives(actor=asked.actor, person_id=asked.person_id):
        decision = " ".join(part for part in (one.scope, one.court, one.number) if part)
        yield Around(_("Acts for me"), one.name, one.kind, NOW, one.starts_at, one.ends_at, decision)


def _helping(asked: Asked) -> Iterator[Around]:
    for one in access.helpers(actor=asked.actor, person_id=asked.person_id):
        yield Around(_("Helps me"), one.name, "caregiver", one.state, one.asked_at, one.last_day, _opened(one.terms))


def _own(asked: Asked) -> Iterator[Around]:
    for one in (*access.helped(actor=asked.actor), *access.asking_me(actor=asked.actor)):
        state = NOW if one.is_running else "waiting"
        yield Around(_("I help"), one.name, "caregiver", state, None, one.last_day, _opened(one.terms))
    for charge in access.charges(actor=asked.actor):
        yield Around(_("I act for"), charge.identity.name, charge.kind, NOW, None, charge.ends_at, charge.scope)
    for card in access.invitations_to(actor=asked.actor):
        yield Around(_("I am asked to act for"), card.name, "parent", card.state, card.made_at, card.expires_at, "")


def _of_child(asked: Asked) -> Iterator[Around]:
    for card in access.invitations_for(actor=asked.actor, child_id=asked.person_id):
        yield Around(_("Asked to act for me"), card.name, "parent", card.state, card.made_at, card.expires_at, "")


def _beside(asked: Asked) -> Iterator[Around]:
    for one in access.assistances(actor=asked.actor, person_id=asked.person_id):
        name, opened = f"{one.helper}, {one.place}", " ".join(sorted(one.scope))
        state = NOW if one.runs_at(asked.asked_at) else "over"
        yield Around(
            _("Helped at a desk"), name, "assistant", state, one.starts_at, one.ended_at or one.ends_at, opened
        )


def _opened(terms: Terms) -> str:
    return " ".join([*sorted(terms.categories), *sorted(terms.scopes)])


def _at(moment: date | datetime | None) -> str:
    if isinstance(moment, datetime):
        return moment.isoformat(timespec="seconds")
    return moment.isoformat() if moment else ""
