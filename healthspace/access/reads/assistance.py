"""Sessions of help: the one that runs, those of a person, what was done in one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from healthspace.access import gate, rules
from healthspace.access.deed import deed
from healthspace.access.models import Assistance, Certification
from healthspace.audit import reads as audit
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.people import reads as people
from healthspace.vault import reads as vault

MOST: Final = 50
MOST_LINES: Final = 200
LAST_LINE: Final = timedelta(seconds=2)  # the line of the ending itself is written just after it


@dataclass(frozen=True, slots=True)
class AssistanceCard:
    """One session of help; `starts_at` None while it is asked for only."""

    id: UUID
    person_id: UUID
    by_person_id: UUID
    helper: str
    place: str
    scope: frozenset[str]
    proof: str
    consent: str
    is_child: bool
    letter_code_id: UUID | None
    asked_at: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None

    def runs_at(self, at: datetime) -> bool:
        """True while the helper may act."""
        return self.starts_at is not None and self.ended_at is None and self.ends_at is not None and at < self.ends_at


def certified_name(account_id: UUID) -> str:
    """The name of a helper who may help today; "" when the certificate is over or was taken back."""
    row = Certification.objects.filter(id=account_id, revoked_at=None, certified_until__gte=clock.today()).first()
    return row.name if row else ""


@deed
def own_assistance(*, actor: Actor) -> AssistanceCard | None:
    """The session this helper acts in, asked for or running, as it stands now; None when it is over or cut."""
    if actor.kind != "assistant" or actor.person_id is None:
        return None
    standing = gate.enter(actor=actor, person_id=actor.person_id)
    row = Assistance.objects.filter(
        person_id=actor.person_id, id=gate.session_of(actor), assistant_id=actor.id, ended_at=None
    ).first()
    if row is None or (row.starts_at is not None and standing.asker.role != "assistant"):
        return None
    card = _card(row)
    return replace(card, scope=standing.asker.scope - {rules.BY_CODE}) if row.starts_at else card


@deed
def assistances(*, actor: Actor, person_id: UUID) -> tuple[AssistanceCard, ...]:
    """Sessions of help of this space that were agreed to, the latest first, for its holder's side."""
    standing = gate.enter(actor=actor, person_id=person_id)
    gate.require(standing, "read_access")
    rows = Assistance.objects.filter(person_id=person_id, starts_at__isnull=False).order_by("-starts_at")
    return tuple(_card(row) for row in rows[:MOST])


@deed
def done_in_assistance(*, actor: Actor, person_id: UUID, assistance_id: UUID) -> tuple[audit.Entry, ...]:
    """What this very helper did for the person in that session, oldest first: the summary handed over at its end."""
    standing = gate.enter(actor=actor, person_id=person_id)
    row = Assistance.objects.filter(person_id=person_id, id=assistance_id, assistant_id=actor.id).first()
    if row is None or row.starts_at is None:
        raise gate.absent(standing, "help", assistance_id)
    sealer = vault.journal_sealer(person_id)  # a space closed within the session has no other key left
    found = audit.journal(
        person_id=person_id,
        unseal=lambda sealed, event_id: sealer.unseal(sealed, item=event_id, part="event"),
        limit=MOST_LINES,
        since=row.starts_at,
        by=("assistant",),
    )
    until = (row.ended_at or row.ends_at or standing.at) + LAST_LINE
    return tuple(line for line in reversed(found) if line.actor_id == actor.id and line.at <= until)


def _card(row: Assistance) -> AssistanceCard:
    helper = Certification.objects.filter(id=row.assistant_id).first()
    return AssistanceCard(
        id=row.id,
        person_id=row.person_id,
        by_person_id=row.by_person_id,
        helper=helper.name if helper else "",
        place=people.institution(row.institution_id).name,
        scope=frozenset(row.scope.split()),
        proof=row.proof,
        consent=row.consent,
        is_child=row.is_child,
        letter_code_id=row.letter_code_id,
        asked_at=row.asked_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
    )
