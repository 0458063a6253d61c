"""A holder who comes from an identity provider: to their own account, by a link or by a qualified identity (ID-1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from healthspace.common.errors import HealthspaceError, Invalid, Refused
from healthspace.people import reads as directory
from healthspace.people.actions import providers
from healthspace.people.actions.providers import Proven
from healthspace.people.reads import AccountCard
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import Identity, Ins, Sex, Traits, traits_differ
from healthspace.vault.reads import KeyDestroyed

SEXES: Final[Mapping[str, Sex]] = {"male": "M", "female": "F"}
FRANCE: Final = "99100"


class NotLinked(HealthspaceError):
    """The provider proved who it is, and we cannot say whose space that is without guessing."""

    code = "not-linked"


class OtherPerson(HealthspaceError):
    """The provider vouches for somebody else than the holder who wanted to add it."""

    code = "other-person"


def account_of(proven: Proven) -> AccountCard:
    """The holder's account that this person of the provider opens.

    By the link, else by the INS and all five strict traits, each given and each the same as in a space whose
    identity is qualified; that makes the link. Never by traits alone. NotLinked otherwise.
    """
    if proven.account is not None:
        if proven.account.person_id is None or not proven.account.is_active:
            raise NotLinked("account")
        return proven.account
    ins, traits = ins_of(proven.claims), traits_of(proven.claims)
    person_id = spaces.find_person(ins) if ins and traits else None
    account = directory.account_of_person(person_id) if person_id else None
    if person_id is None or traits is None or account is None or not account.is_active:
        raise NotLinked("identity")
    known = _known(person_id)
    if known is None or known.status != "qualified" or not _is_same(known.traits, traits):
        raise NotLinked("identity")
    providers.link(account_id=account.id, proven=proven)
    return account


def add(*, account_id: UUID, proven: Proven) -> None:
    """The holder, signed in with a fresh proof, adds the provider as a way in.

    OtherPerson when what it tells contradicts the identity of the space, or says nothing of it; Conflict when it
    opens another account already.
    """
    account = directory.account(account_id)
    if account is None or account.person_id is None:
        raise Refused("ABSENT")
    known, claimed = _known(account.person_id), traits_of(proven.claims)
    if known is None or claimed is None or traits_differ(known.traits, claimed):
        raise OtherPerson("traits")
    ins = ins_of(proven.claims)
    if ins is not None and ins != known.ins:
        raise OtherPerson("ins")
    providers.link(account_id=account.id, proven=proven)


def remove(*, account_id: UUID) -> None:
    """The provider is no way in any more; the password and the second step stay."""
    account = directory.account(account_id)
    if account is None or account.person_id is None:
        raise Refused("ABSENT")
    providers.unlink(account_id=account.id, kind="citizen")


def traits_of(claims: Mapping[str, Any]) -> Traits | None:
    """The five strict traits in claims of FranceConnect's shape, None unless all are there.

    `given_name` holds every first name, `birthplace` the INSEE code of the commune, empty for who was born abroad:
    then `birthcountry` is the place.
    """
    family, given, born = _text(claims, "family_name"), _text(claims, "given_name"), _text(claims, "birthdate")
    country = _text(claims, "birthcountry")
    place = _text(claims, "birthplace") or ("" if country == FRANCE else country)
    sex = SEXES.get(_text(claims, "gender"))
    try:
        born_on = date.fromisoformat(born)
    except ValueError:
        return None
    if not (family and given and place and sex):
        return None
    return Traits(family, tuple(given.split()), born_on, sex, place)


def ins_of(claims: Mapping[str, Any]) -> Ins | None:
    """The INS that the provider gives, as `ins` with `matricule` and `oid`; None when it gives none or a wrong one."""
    given = claims.get("ins")
    if not isinstance(given, dict):
        return None
    try:
        return spaces.parse_ins(_text(given, "matricule"), _text(given, "oid"))
    except Invalid:
        return None


def _is_same(known: Traits, claimed: Traits) -> bool:
    """All five given on both sides, and none differs."""
    is_whole = known.sex != "U" and bool(known.birth_place)
    return is_whole and known.birth_place.upper() == claimed.birth_place.upper() and not traits_differ(known, claimed)


def _known(person_id: UUID) -> Identity | None:
    with transaction.atomic():
        set_context(person_id)
        try:
            return spaces.identity(person_id) if spaces.state(person_id).is_open else None
        except (Refused, KeyDestroyed):
            return None


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) and len(value) <= 200 else ""
