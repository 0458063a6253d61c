"""Accounts, and who acts behind one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthspace.common.actor import Actor, ActorKind
from healthspace.common.errors import Refused
from healthspace.people.models import Account
from healthspace.people.reads.directory import (
    InstitutionCard,
    ProfessionalCard,
    institution,
    practices,
    professional,
)
from healthspace.vault import reads as vault


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account as the doors see it; `id` is public, the row's own number is not."""

    id: UUID
    kind: str
    person_id: UUID | None
    professional_id: UUID | None
    language: str
    is_active: bool
    restricted_until: datetime | None = None
    institution_id: UUID | None = None


def account_card(row: Account) -> AccountCard:
    """The card of an account."""
    return AccountCard(
        id=row.uuid,
        kind=row.kind,
        person_id=row.person_id,
        professional_id=row.professional_id,
        language=row.language,
        is_active=row.is_active,
        restricted_until=row.restricted_until,
        institution_id=row.institution_id,
    )


def account(account_id: UUID) -> AccountCard | None:
    """The account with this (public) id, or None."""
    row = Account.objects.filter(uuid=account_id).first()
    return account_card(row) if row else None


def account_by_login(login: str) -> AccountCard | None:
    """The account with this login, or None; for the operator, never told at a door."""
    row = Account.objects.filter(login_key=vault.find_key("login", login).hex()).first()
    return account_card(row) if row else None


def account_of_person(person_id: UUID) -> AccountCard | None:
    """The holder's account of a space, or None when nobody signed in for it yet; a person has one, by constraint."""
    try:
        return account_card(Account.objects.get(person_id=person_id, kind=Account.Kind.HOLDER))
    except Account.DoesNotExist:
        return None


def actor_of_account(account_id: UUID, institution_id: UUID | None = None) -> Actor | None:
    """Who acts in a session of this account, or None once it is closed; see `actor_of`."""
    found = account(account_id)
    try:
        return actor_of(found, institution_id) if found else None
    except Refused:
        return None


def actor_of(account: AccountCard, institution_id: UUID | None = None) -> Actor:
    """Who acts through this account; a professional acts for one of their structures.

    Without `institution_id` the only practice is taken, if there is exactly one. Refused when the
    account is closed, the professional is no longer active, or does not work there.
    A holder's name is not known here: the door adds it from the identity of the space.
    """
    if not account.is_active:
        raise Refused("ABSENT")
    if account.kind == Account.Kind.HOLDER:
        return Actor(kind="holder", id=account.id, name="", person_id=account.person_id)
    if account.kind == Account.Kind.ASSISTANT:
        return _assistant_actor(account)
    if account.professional_id is None:
        kind: ActorKind = "operator" if account.kind == Account.Kind.OPERATOR else "support"
        return Actor(kind=kind, id=account.id, name="")
    card = professional(account.professional_id)
    places = practices(card.id)
    if institution_id is not None:
        places = [place for place in places if place.id == institution_id]
    if not card.is_active or (institution_id is not None and not places):
        raise Refused("ABSENT")
    return professional_actor(card, places[0] if len(places) == 1 else None)


def _assistant_actor(account: AccountCard) -> Actor:
    """A helper at their desk; whose name it is, and whether they are certified, only `access` knows."""
    if account.institution_id is None:
        raise Refused("ABSENT")
    desk = institution(account.institution_id)
    if not desk.is_active:
        raise Refused("ABSENT")
    return Actor(kind="assistant", id=account.id, name="", institution_id=desk.id, institution_name=desk.name)


def professional_actor(card: ProfessionalCard, place: InstitutionCard | None, software: str = "") -> Actor:
    """This professional acting at that place, through that software or none."""
    return Actor(
        kind="professional",
        id=card.id,
        name=card.name,
        professional_id=card.id,
        profession=card.profession,
        institution_id=place.id if place else None,
        institution_name=place.name if place else "",
        software=software,
    )
