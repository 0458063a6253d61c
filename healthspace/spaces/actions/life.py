"""Opening a space and changing its clear part or its contact.

`access` stands above this room, so who may do what is decided there or by the caller; each act is
one transaction here, joined when nested, and journalled.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from healthspace.common import clock, ids
from healthspace.common.actor import Actor
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.outbox import actions as outbox
from healthspace.schema.context import set_context
from healthspace.spaces import events, reads, rules
from healthspace.spaces.actions.lines import OPENERS, journal, locked, require_own
from healthspace.spaces.models import Space
from healthspace.spaces.rules import Identity
from healthspace.vault import actions as keys
from healthspace.vault import reads as vault

OPENING_STATES = frozenset({"not_informed", "informed", *rules.OPEN_STATES})
_INDEX = "INSERT INTO spaces_identity_index (find_key, person_id) VALUES (%s, %s) ON CONFLICT DO NOTHING"


@transaction.atomic
def open_space(
    *,
    actor: Actor,
    identity: Identity,
    state: str = "open_inactive",
    language: str = "fr",
    allow_test: bool | None = None,
    deadline_at: datetime | None = None,
) -> UUID:
    """A space for a person who has none, with its key, its journal and its fact; the person's id.

    For the enrolment and the installation itself (ENR-1), nobody else; `deadline_at` of who is "informed".
    Conflict when this INS has a space; Invalid for a wrong INS, contact, or test authority not taken here.
    """
    if actor.kind not in OPENERS:
        raise Refused("ENR-1")
    _check(identity, allow_test=reads.accepts_tests() if allow_test is None else allow_test)
    if state not in OPENING_STATES:
        raise ValueError("a space does not begin in this state")
    person_id, at = ids.new_id(), clock.now()
    set_context(person_id)
    if not _index(identity, person_id):
        raise Conflict("this identity has a space")
    keys.create_key(person_id=person_id)
    sealed = vault.sealer(person_id).seal(reads.to_bytes(identity), item=person_id, part=reads.PART)
    Space.objects.create(
        person_id=person_id,
        id=person_id,
        state=state,
        opened_at=at if state in rules.OPEN_STATES else None,
        informed_at=at if state == "informed" else None,
        deadline_at=deadline_at if state == "informed" else None,
        identity_status=identity.status,
        sealed_identity=sealed,
        language=language,
    )
    if state in rules.OPEN_STATES:
        journal(person_id, actor, "space_opened", "ENR-1")
        outbox.publish(person_id=person_id, fact=events.SpaceOpened(person_id, state))
    return person_id


def _check(identity: Identity, *, allow_test: bool) -> None:
    rules.parse_ins(identity.ins.matricule, identity.ins.oid, allow_test=allow_test)
    if identity.ins.oid in rules.TEST_AUTHORITIES and not allow_test:
        raise Invalid(
            "ins", "INS-TEST", "Test identities are not taken here.", "Set ACCEPT_TEST_IDENTITIES=1 on a test system."
        )
    if not identity.traits.birth_name.strip() or not identity.traits.first_names:
        raise Invalid("traits", "INS-TRAITS", "Birth name and first names are missing.", "Give the five strict traits.")
    if identity.email:
        _check_email(identity.email)


def _check_email(address: str) -> None:
    if rules.email_fault(address):
        raise Invalid("email", "T53", "This is not one e-mail address.", "Give one address, such as name@example.org.")


def _index(identity: Identity, person_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_INDEX, [reads.ins_key(identity.ins), person_id])
        return bool(cursor.rowcount == 1)


def activate(*, actor: Actor, person_id: UUID) -> None:
    """The holder enters for the first time: `active` from then on; Refused to anybody else."""
    _change_state(actor=actor, person_id=person_id, event="activate", kind="space_activated")


def oppose(
    *, actor: Actor, person_id: UUID, stands_at: datetime | None = None, is_opened_meanwhile: bool = False
) -> None:
    """The holder says no within the window: nothing is opened, nothing can be filed (ENR-8).

    From `stands_at`, when it can no longer be undone, the worker closes what was kept before (ENR-10).
    `is_opened_meanwhile`: posted in time, read after the opening (CRPA L112-1); the caller knows the postmark.
    """
    event = "refused_in_time" if is_opened_meanwhile else "object"
    _change_state(actor=actor, person_id=person_id, event=event, kind="space_opposed", due_at=stands_at)


def withdraw_objection(*, actor: Actor, person_id: UUID, kind: str = "opposition_withdrawn") -> None:
    """The holder no longer refuses, or undoes a refusal (kind "opposition_undone"); the deadline stays (ENR-8).

    What was kept from before and lies in the archive is asked back from the worker.
    """
    _change_state(actor=actor, person_id=person_id, event="withdraw_objection", kind=kind)


@transaction.atomic
def _change_state(*, actor: Actor, person_id: UUID, event: str, kind: str, due_at: datetime | None = None) -> None:
    require_own(actor, person_id)
    set_context(person_id)
    row = locked(person_id)
    at = clock.now()
    after = rules.next_state(row.state, event)
    changes: dict[str, object] = {"state": after, "due_at": due_at}
    if row.archive_until is not None:
        changes |= {"archive_until": None, "reopening_asked_at": at}
    if after in rules.OPEN_STATES:
        changes["opened_at"] = row.opened_at or at
    Space.objects.filter(person_id=person_id).update(**changes)
    journal(person_id, actor, kind, "OWN" if actor.person_id == person_id else "ENR-1")
    outbox.publish(person_id=person_id, fact=events.SpaceStateChanged(person_id, row.state, after))


@transaction.atomic
def change_emergency_choice(
    *, person_id: UUID, is_samu_opposed: bool, is_break_glass_opposed: bool, is_masked_opposed: bool
) -> None:
    """Write the three choices for an emergency; `access` decides, sets the context and journals."""
    changed = Space.objects.filter(person_id=person_id).update(
        is_samu_opposed=is_samu_opposed,
        is_break_glass_opposed=is_break_glass_opposed,
        is_masked_opposed=is_masked_opposed,
    )
    if not changed:
        raise Refused("ABSENT")


@transaction.atomic
def change_contact(*, actor: Actor, person_id: UUID, email: str, phone: str = "") -> None:
    """The holder's own e-mail and phone, sealed anew; Refused to anybody but the holder."""
    if actor.kind != "holder" or actor.person_id != person_id:
        raise Refused("OWN")
    if email:
        _check_email(email)
    set_context(person_id)
    locked(person_id)
    changed = replace(reads.identity(person_id), email=email, phone=phone)
    sealed = vault.sealer(person_id).seal(reads.to_bytes(changed), item=person_id, part=reads.PART)
    Space.objects.filter(person_id=person_id).update(sealed_identity=sealed)
    journal(person_id, actor, "identity_changed", "OWN")
    outbox.publish(person_id=person_id, fact=events.ContactChanged(person_id, actor.kind))


@transaction.atomic
def change_language(*, actor: Actor, person_id: UUID, language: str) -> None:
    """The language of mails and of pages on other devices; Refused to anybody but the holder."""
    if actor.kind != "holder" or actor.person_id != person_id:
        raise Refused("OWN")
    set_context(person_id)
    Space.objects.filter(person_id=person_id).update(language=language)
