"""Families across rooms: naming the other parent, adding a child with its letter, a minor's own sign-in, majority."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import transaction

from healthspace.access import actions as access
from healthspace.access import reads as access_reads
from healthspace.common import clock
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Invalid, Refused
from healthspace.enrolment.actions import answering, answers, claims, codes, own_way
from healthspace.enrolment.rules import claims as rules
from healthspace.enrolment.rules.claims import Claim, NotAccepted
from healthspace.people import actions as people
from healthspace.people import reads as people_reads
from healthspace.people.reads import AccountCard
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces_actions
from healthspace.spaces import reads as spaces


def name_parent(
    *, actor: Actor, child_id: UUID, matricule: str, birth_name: str, first_names: str, born_on: date
) -> UUID:
    """A parent names the other one (CHI-2); Invalid for what cannot be a number, Refused to whoever is no parent."""
    number = rules.number(matricule, allow_test=spaces.accepts_tests())
    names = tuple(first_names.replace(",", " ").split())
    if not names or not birth_name.strip():
        raise Invalid("birth_name", "CHI-2", "The names are missing.", "Write them as at birth.")
    named = access.Named(number, birth_name.strip(), names, born_on)
    return access.invite_parent(actor=actor, child_id=child_id, named=named)


def add_child(*, actor: Actor, matricule: str, born_on: date, code: str, source: str, statement_version: str) -> UUID:
    """An adult certifies being the representative of a child and proves it with the child's letter (CHI-1).

    The space opens with it. NotAccepted and Invalid as `claims.check`; "unknown" too for a letter of an adult.
    """
    if actor.kind != "holder" or actor.person_id is None:
        raise Refused("CHI-1")
    access.check_statement(statement_version)
    claim = claims.check(matricule=matricule, born_on=born_on, code=code, source=source)
    if not claim.is_child or "activate" not in claim.may or claim.person_id == actor.person_id:
        raise NotAccepted("unknown")
    with transaction.atomic():
        answers.activate(claim)
        access.represent(
            actor=SYSTEM,
            person_id=claim.person_id,
            representative_id=actor.person_id,
            born_on=born_on,
            basis="statement",
        )
        acting = replace(actor, kind="representative", person_id=claim.person_id, own_person_id=actor.person_id)
        access.certify_representation(actor=acting, child_id=claim.person_id, statement_version=statement_version)
    return claim.person_id


def order_own_way(*, actor: Actor, child_id: UUID) -> None:
    """A parent, or the minor, asks for the letter to the minor with the code of their own sign-in (CHI-7).

    Refused while the policy does not allow it, or when there is a sign-in already.
    """
    card = access_reads.teen(actor=actor, child_id=child_id)
    if not card.may_sign_in or card.has_own_way:
        raise Refused("CHI-7")
    with transaction.atomic():
        set_context(child_id)
        own_way.order_letter(person_id=child_id, at=clock.now())


def open_own_way(claim: Claim, *, login: str, password: str, language: str) -> AccountCard:
    """Whoever holds the letter's code, a minor or a new adult, gets an account.

    Invalid, Conflict and NotAccepted as for those who open a space with a letter; "used" when there is one already.
    """
    if "own_way" not in claim.may or claim.by_person_id != claim.person_id:
        raise NotAccepted("used")
    at = clock.now()
    with transaction.atomic():
        set_context(claim.person_id)
        answering.use_code(claim, at)
        if people_reads.account_of_person(claim.person_id) is not None:
            raise NotAccepted("used")
        codes.end_codes(claim.person_id, at)
        if claim.is_child:
            _open_for_minor(claim.person_id)
        elif claim.state == "open_inactive":
            spaces_actions.activate(actor=SYSTEM, person_id=claim.person_id)
        return people.create_account(
            login=login, password=password, kind="holder", person_id=claim.person_id, language=language
        )


def _open_for_minor(person_id: UUID) -> None:
    try:
        access.open_own_way(actor=SYSTEM, person_id=person_id)
    except Refused:  # a parent took the agreement back meanwhile
        raise NotAccepted("used") from None


def tell_who_comes_of_age() -> int:
    """The daily turn: notices to both sides, and a letter with a code to each new adult without a sign-in (CHI-6)."""
    return len(access.tell_majorities(then=_order_letter))


def _order_letter(told: access.Told) -> None:
    """In the transaction that marks the new adult as told: a letter is never lost between the two."""
    if told.step == "now" and people_reads.account_of_person(told.child_id) is None:
        own_way.order_letter(person_id=told.child_id, at=clock.now())
