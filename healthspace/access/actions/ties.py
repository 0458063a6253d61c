"""Giving, ending and blocking access: always an explicit act, dated and journalled (ACC-9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from django.db import connection

from healthspace.access import events, gate
from healthspace.access.actions.assistance import require_no_more
from healthspace.access.adapters.durations import duration
from healthspace.access.deed import deed
from healthspace.access.models import Tie
from healthspace.access.ports import OlderTie, OlderTrace
from healthspace.audit import reads as audit
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Invalid
from healthspace.common.ids import new_id
from healthspace.outbox import actions as outbox
from healthspace.people import reads as people
from healthspace.schema.many import Persons
from healthspace.spaces import actions as spaces

LONGEST: Final = timedelta(days=366 * 3)
# The tie's id follows from its two ends, so opening twice ties nobody twice; who is not in the directory is left out.
_ATTEND_ALL: Final = (
    "INSERT INTO access_tie (person_id, id, kind, professional_id, basis, given_by_kind, given_by_id, starts_at)"
    " SELECT v.person, md5(v.person::text || '|attending|' || d.id)::uuid, 'attending', d.id, 'insurer', %s, %s, %s"
    " FROM unnest(%s::uuid[], %s::uuid[]) AS v(person, doctor) JOIN people_professional d ON d.id = v.doctor"
    " WHERE v.person = ANY(%s::uuid[]) ORDER BY v.person ON CONFLICT DO NOTHING"
)


@deed
def grant(
    *,
    actor: Actor,
    person_id: UUID,
    professional_id: UUID | None = None,
    institution_id: UUID | None = None,
    until: datetime | None = None,
) -> UUID:
    """The holder lets a professional, or a whole structure, consult; until a date they choose."""
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "change_access").rule
    kind = Tie.Kind.AUTHORISATION if professional_id else Tie.Kind.STRUCTURE
    return _tie(standing, kind, professional_id, institution_id, "holder", until, rule)


@deed
def declare_consent(*, actor: Actor, person_id: UUID, has_consent: bool) -> UUID:
    """A professional states that the patient agreed, by an explicit act (ACC-3, ACC-9).

    Does not lift a block (ACC-10): a blocked professional is refused here too.
    """
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "declare_consent").rule
    if not has_consent:
        raise Invalid(
            "has_consent",
            "ACC-9",
            "The patient's agreement must be stated.",
            "Ask the patient, then tick the box.",
        )
    return _tie(
        standing,
        Tie.Kind.AUTHORISATION,
        actor.professional_id,
        None,
        "patient-consent",
        standing.at + duration(actor.profession, standing.at.date()),
        rule,
    )


@deed
def name_attending_doctor(*, actor: Actor, person_id: UUID, professional_id: UUID) -> UUID:
    """The holder names the attending doctor, who sees masked documents too (ACC-5)."""
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "change_access").rule
    if people.professional(professional_id).profession != "10":
        raise Invalid("professional_id", "ACC-5", "An attending doctor is a doctor.", "Choose a doctor.")
    _end_all(standing, Tie.Kind.ATTENDING)
    return _tie(standing, Tie.Kind.ATTENDING, professional_id, None, "holder", None, rule)


def attend_all(persons: Persons, doctors: Persons, *, among: Persons, at: datetime) -> int:
    """The attending doctors the insurer knows, for spaces that open by law; how many ties (ACC-5).

    Two arrays side by side, of which only persons `among` those opened count; in the caller's transaction,
    which journals the opening. For the worker's role.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ATTEND_ALL, [SYSTEM.kind, SYSTEM.id, at, persons.array, doctors.array, among.array])
        return int(cursor.rowcount)


def end_attending(*, person_id: UUID, at: datetime) -> int:
    """The attending doctor's tie ends with a refusal that came by post in time; the caller journals it; how many."""
    live = Tie.objects.filter(person_id=person_id, kind=Tie.Kind.ATTENDING, ended_at=None)
    return live.update(ended_at=at)


@deed
def end(*, actor: Actor, person_id: UUID, tie_id: UUID) -> None:
    """The holder ends an authorisation; it stops at the next question asked."""
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "change_access").rule
    live = Tie.objects.filter(person_id=person_id, id=tie_id, ended_at=None)
    tie = live.exclude(kind=Tie.Kind.BLOCK).first()
    if tie is None:
        raise gate.absent(standing, "change_access", tie_id)
    live.update(ended_at=standing.at)
    _journal_tie(standing, "access_ended", tie_id, rule, tie.professional_id, tie.institution_id)
    outbox.publish(person_id=person_id, fact=events.AccessEnded(person_id, tie_id, actor.kind))


@deed
def block(*, actor: Actor, person_id: UUID, professional_id: UUID) -> UUID:
    """The holder blocks one professional: no consultation, consent or not; filing stays (ACC-10)."""
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "change_access").rule
    found = Tie.objects.filter(
        person_id=person_id, kind=Tie.Kind.BLOCK, professional_id=professional_id, ended_at=None
    ).first()
    if found is not None:
        return found.id
    return _tie(standing, Tie.Kind.BLOCK, professional_id, None, "holder", None, rule)


@deed
def unblock(*, actor: Actor, person_id: UUID, professional_id: UUID) -> None:
    """The holder lifts a block; earlier authorisations do not come back with it."""
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "change_access").rule
    Tie.objects.filter(person_id=person_id, professional_id=professional_id, ended_at=None).exclude(
        kind=Tie.Kind.ATTENDING
    ).update(ended_at=standing.at)
    _journal_tie(standing, "professional_unblocked", professional_id, rule, professional_id, None)


@deed
def change_emergency_choice(
    *,
    actor: Actor,
    person_id: UUID,
    is_samu_opposed: bool,
    is_break_glass_opposed: bool,
    is_masked_opposed: bool,
) -> None:
    """The holder's three independent choices for an emergency (EMG-1)."""
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "change_emergency").rule
    require_no_more(standing, is_samu_opposed, is_break_glass_opposed, is_masked_opposed)
    spaces.change_emergency_choice(
        person_id=person_id,
        is_samu_opposed=is_samu_opposed,
        is_break_glass_opposed=is_break_glass_opposed,
        is_masked_opposed=is_masked_opposed,
    )
    details = {
        "samu": _word(is_opposed=is_samu_opposed),
        "break_glass": _word(is_opposed=is_break_glass_opposed),
        "masked": _word(is_opposed=is_masked_opposed),
    }
    gate.journal(standing, "emergency_choice_changed", rule=rule, details=details)


@deed
def take_over(*, actor: Actor, person_id: UUID, ties: Sequence[OlderTie], traces: Sequence[OlderTrace]) -> int:
    """Move the rights and the journal of an older record in, by the installation only; gives how many are new.

    Twice is once: what the holder ended since stays ended (ENR-10).
    """
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "take_over").rule
    known = audit.noted_items(person_id=person_id, kind="older_trace")
    new = [one for one in ties if _is_new(standing, one)]
    for one in new:
        kind = "professional_blocked" if one.kind == "block" else "access_granted"
        _journal_tie(standing, kind, _older_id(person_id, one), rule, one.professional_id, one.institution_id)
    traced = [one for one in traces if _trace_id(person_id, one) not in known]
    for trace in traced:
        gate.journal(
            replace(standing, actor=trace.by),
            "older_trace",
            rule=rule,
            item_id=_trace_id(person_id, trace),
            details={"act": trace.act, "on": trace.on.isoformat()},
            is_hidden_from_representatives=trace.is_secret,
        )
    return len(new) + len(traced)


@deed
def note_taken_over(*, actor: Actor, person_id: UUID) -> None:
    """One line for the whole, once: the older record was moved in."""
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "take_over").rule
    item = uuid5(person_id, "older-record")
    if item not in audit.noted_items(person_id=person_id, kind="older_record_taken"):
        gate.journal(standing, "older_record_taken", rule=rule, item_id=item)


def _is_new(standing: gate.Standing, one: OlderTie) -> bool:
    """Write the tie unless it was moved in before, or is over."""
    if one.expires_at is not None and one.expires_at <= standing.at:
        return False
    _tie_row, is_new = Tie.objects.get_or_create(
        person_id=standing.person_id,
        id=_older_id(standing.person_id, one),
        defaults={
            "kind": one.kind,
            "professional_id": one.professional_id,
            "institution_id": one.institution_id,
            "basis": "older-record",
            "given_by_kind": "system",
            "given_by_id": standing.actor.id,
            "starts_at": min(one.starts_at, standing.at),
            "expires_at": one.expires_at,
        },
    )
    return is_new


def _older_id(person_id: UUID, one: OlderTie) -> UUID:
    party = one.professional_id or one.institution_id
    return uuid5(person_id, f"{one.kind}|{party}|{one.starts_at.isoformat()}")


def _trace_id(person_id: UUID, trace: OlderTrace) -> UUID:
    return uuid5(person_id, f"trace|{trace.number}")


def _word(*, is_opposed: bool) -> str:
    return "no" if is_opposed else "yes"


def _tie(
    standing: gate.Standing,
    kind: Tie.Kind,
    professional_id: UUID | None,
    institution_id: UUID | None,
    basis: str,
    until: datetime | None,
    rule: str,
) -> UUID:
    if (professional_id is None) == (institution_id is None):
        raise Invalid("party", "ACC-9", "Name a professional or a structure.", "Choose one.")
    if until is not None and not standing.at < until <= standing.at + LONGEST:
        raise Invalid("until", "ACC-9", "This end date cannot be used.", "Choose a coming date.")
    tie = Tie.objects.create(
        person_id=standing.person_id,
        id=new_id(),
        kind=kind,
        professional_id=professional_id,
        institution_id=institution_id,
        basis=basis,
        given_by_kind=standing.actor.kind,
        given_by_id=standing.actor.id,
        starts_at=standing.at,
        expires_at=until,
    )
    event = "professional_blocked" if kind == Tie.Kind.BLOCK else "access_granted"
    _journal_tie(standing, event, tie.id, rule, professional_id, institution_id)
    if kind != Tie.Kind.BLOCK:
        fact = events.AccessGranted(standing.person_id, tie.id, standing.actor.kind)
        outbox.publish(person_id=standing.person_id, fact=fact)
    return tie.id


def _end_all(standing: gate.Standing, kind: Tie.Kind) -> None:
    Tie.objects.filter(person_id=standing.person_id, kind=kind, ended_at=None).update(ended_at=standing.at)


def _journal_tie(
    standing: gate.Standing,
    kind: str,
    item_id: UUID,
    rule: str,
    professional_id: UUID | None,
    institution_id: UUID | None,
) -> None:
    party = ""
    if professional_id is not None:
        party = people.professional(professional_id).name
    elif institution_id is not None:
        party = people.institution(institution_id).name
    gate.journal(standing, kind, rule=rule, item_id=item_id, details={"party": party})
