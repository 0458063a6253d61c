"""Opening a space with a code: choices, confirmed contact, first sign-in (CSP R1111-28, CLO-7)."""

from __future__ import annotations

import secrets
from functools import partial
from uuid import UUID

from django.db import transaction

from healthspace.access import actions as access
from healthspace.common import clock
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Invalid, Refused
from healthspace.enrolment.actions import contacts
from healthspace.enrolment.actions.answering import (
    By,
    Channel,
    be_informed,
    by_claim,
    change,
    keep,
    parents_of,
    use_code,
)
from healthspace.enrolment.actions.codes import end_codes
from healthspace.enrolment.actions.telling import tell
from healthspace.enrolment.models import Enrollee
from healthspace.enrolment.rules import claims as rules
from healthspace.enrolment.rules.claims import Claim, NotAccepted
from healthspace.people import actions as people
from healthspace.people.reads import AccountCard
from healthspace.people.rules import search_key
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces import reads as space_reads


def activate(
    claim: Claim,
    *,
    login: str = "",
    password: str = "",
    language: str = "",
    is_samu_opposed: bool = False,
    is_break_glass_opposed: bool = False,
    is_masked_opposed: bool = False,
    names_attending_doctor: bool = False,
    phone: str = "",
    channel: Channel = "web",
    beside: By | None = None,
) -> AccountCard | None:
    """Open the space of a claim at once, with its choices, its confirmed contact and its account.

    A refusal is withdrawn first. A child's space has no account: the parents see it from theirs (None). Invalid,
    Conflict for a login that is taken, NotAccepted: then nothing is done. `beside`: a helper who is journalled too.
    """
    if not claim.is_child and not login:
        raise Invalid("login", "LOG-3", "A login is missing.", "Choose a login.")
    by, language = by_claim(claim), language or claim.language
    with transaction.atomic():
        _open(claim, beside or by, channel, language)
        _choose(
            actor=by.actor,
            person_id=claim.person_id,
            is_samu_opposed=is_samu_opposed,
            is_break_glass_opposed=is_break_glass_opposed,
            is_masked_opposed=is_masked_opposed,
        )
        if names_attending_doctor:
            _name_attending(by.actor, claim.person_id)
        if claim.is_child:
            return None
        contacts.take_confirmed(actor=by.actor, claim=claim, phone=phone)
        spaces.change_language(actor=by.actor, person_id=claim.person_id, language=language)
        return people.create_account(
            login=login, password=password, kind="holder", person_id=claim.person_id, language=language
        )


def _open(claim: Claim, by: By, channel: Channel, language: str) -> None:
    """The code has served; a refusal is withdrawn first; the space is active, and both are kept as answers."""
    person_id, at = claim.person_id, clock.now()
    set_context(person_id)
    use_code(claim, at)
    be_informed(person_id, at)
    kept = partial(keep, person_id=person_id, channel=channel, by=by, language=language, at=at)
    if space_reads.state(person_id).state == "opposed":
        change(person_id, "withdraw", actor=by.actor, kind="opposition_withdrawn")
        kept(kind="withdrawn", text="withdraw")
    if "activate" not in claim.may:
        raise NotAccepted(rules.why_not(claim.state))
    change(person_id, "activate", actor=by.actor)
    # Before any new contact is taken: the old one must hear of it (T25).
    tell(person_id, kept(kind="activated", text="activate"), "activated", by=by, parents=parents_of(person_id))
    if claim.is_child:
        _name_parents(person_id, by)
    else:
        end_codes(person_id, at)


def _name_parents(child_id: UUID, by: By) -> None:
    """Both parents known to the insurer, and whoever holds the code, act for the child from now on (CHI-1, CHI-4)."""
    set_context(child_id)
    born_on = space_reads.identity(child_id).traits.born_on
    parents = parents_of(child_id) + ([by.person_id] if by.person_id else [])
    for parent_id in dict.fromkeys(parents):
        access.represent(actor=SYSTEM, person_id=child_id, representative_id=parent_id, born_on=born_on)


def _choose(
    *,
    actor: Actor,
    person_id: UUID,
    is_samu_opposed: bool,
    is_break_glass_opposed: bool,
    is_masked_opposed: bool,
) -> None:
    """The three choices for an emergency; all allowed unless said otherwise, as the law has it (CLO-7)."""
    if not (is_samu_opposed or is_break_glass_opposed or is_masked_opposed):
        return
    access.change_emergency_choice(
        actor=actor,
        person_id=person_id,
        is_samu_opposed=is_samu_opposed,
        is_break_glass_opposed=is_break_glass_opposed,
        is_masked_opposed=is_masked_opposed,
    )


def _name_attending(actor: Actor, person_id: UUID) -> None:
    """The attending doctor known to the insurer, when the holder wants it."""
    row = Enrollee.objects.filter(person_id=person_id, id=person_id).first()
    if row is None or row.attending_id is None:
        return
    try:
        access.name_attending_doctor(actor=actor, person_id=person_id, professional_id=row.attending_id)
    except (Refused, Invalid):  # left the directory since the register was written: named later, by hand
        return


def suggest_login(claim: Claim) -> str:
    """A login nobody can guess from outside and easy to copy: first name and four figures."""
    word = search_key(claim.name).lower().split(" ")[0]
    return f"{word[:20]:_<3}.{secrets.randbelow(10**6):06d}"
