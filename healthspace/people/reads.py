"""The directory as cards, and who acts behind an account or a token."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final
from uuid import UUID

from django.db.models import Q

from healthspace.common import clock
from healthspace.common.actor import Actor, ActorKind
from healthspace.common.errors import Refused
from healthspace.people import rules
from healthspace.people.models import Account, Institution, Practice, Professional, Software, Token
from healthspace.vault import reads as vault

TOKEN_MEMORY: Final = timedelta(seconds=15)
MOST_TOKENS: Final = 10_000


@dataclass(frozen=True, slots=True)
class ProfessionalCard:
    """A professional as the public directory shows them."""

    id: UUID
    rpps: str
    title: str
    first_name: str
    family_name: str
    profession: str
    specialty: str
    is_active: bool

    @property
    def name(self) -> str:
        """As people say it: "Dr Linh Nguyen"."""
        return rules.spoken_name(self.title, self.first_name, self.family_name)


@dataclass(frozen=True, slots=True)
class InstitutionCard:
    """A structure as the public directory shows it."""

    id: UUID
    finess: str
    name: str
    facility_type: str
    setting: str
    city: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account as the doors see it; `id` is public, the row's own number is not."""

    id: UUID
    kind: str
    person_id: UUID | None
    professional_id: UUID | None
    language: str
    is_active: bool


def account_card(row: Account) -> AccountCard:
    """The card of an account."""
    return AccountCard(
        id=row.uuid,
        kind=row.kind,
        person_id=row.person_id,
        professional_id=row.professional_id,
        language=row.language,
        is_active=row.is_active,
    )


def professional_card(row: Professional) -> ProfessionalCard:
    """The card of a row of the directory."""
    return ProfessionalCard(
        id=row.id,
        rpps=row.rpps,
        title=row.title,
        first_name=row.first_name,
        family_name=row.family_name,
        profession=row.profession,
        specialty=row.specialty,
        is_active=row.is_active,
    )


def institution_card(row: Institution) -> InstitutionCard:
    """The card of a row of the directory."""
    return InstitutionCard(
        id=row.id,
        finess=row.finess,
        name=row.name,
        facility_type=row.facility_type,
        setting=row.setting,
        city=row.city,
        is_active=row.is_active,
    )


def professional(professional_id: UUID) -> ProfessionalCard:
    """One professional; Refused (ABSENT) when there is none."""
    row = Professional.objects.filter(id=professional_id).first()
    if row is None:
        raise Refused("ABSENT")
    return professional_card(row)


def institution(institution_id: UUID) -> InstitutionCard:
    """One structure; Refused (ABSENT) when there is none."""
    row = Institution.objects.filter(id=institution_id).first()
    if row is None:
        raise Refused("ABSENT")
    return institution_card(row)


def professional_by_rpps(rpps: str) -> ProfessionalCard | None:
    """The professional with this RPPS number, or None."""
    row = Professional.objects.filter(rpps=rpps).first()
    return professional_card(row) if row else None


def professional_ids(numbers: list[str]) -> dict[str, UUID]:
    """The professionals of many RPPS numbers; who is unknown is left out."""
    return dict(Professional.objects.filter(rpps__in=numbers).values_list("rpps", "id"))


def institution_by_finess(finess: str) -> InstitutionCard | None:
    """The structure with this FINESS number, or None."""
    row = Institution.objects.filter(finess=finess).first()
    return institution_card(row) if row else None


def find_professionals(text: str, limit: int = 20) -> list[ProfessionalCard]:
    """Active professionals by RPPS, or by the beginnings of family and first name in any order."""
    words = rules.search_key(text).split()
    if not words:
        return []
    if len(words) == 1 and rules.RPPS.fullmatch(words[0]):
        condition = Q(rpps=words[0])
    else:
        condition = Q()
        for place, family in enumerate(words):
            others = words[:place] + words[place + 1 :]
            condition |= Q(*(_first_name(word) for word in others), family_key__startswith=family)
        condition |= Q(family_key__startswith=" ".join(words))
    rows = Professional.objects.filter(condition, is_active=True).order_by("family_key", "first_key", "rpps")
    return [professional_card(row) for row in rows[:limit]]


def _first_name(word: str) -> Q:
    return Q(first_key__startswith=word) | Q(first_key__contains=f" {word}")


def practices(professional_id: UUID) -> list[InstitutionCard]:
    """The active structures where a professional works, by name."""
    rows = Practice.objects.filter(professional_id=professional_id, institution__is_active=True)
    with_place = rows.select_related("institution").order_by("institution__name")
    return [institution_card(row.institution) for row in with_place]


def account(account_id: UUID) -> AccountCard | None:
    """The account with this (public) id, or None."""
    row = Account.objects.filter(uuid=account_id).first()
    return account_card(row) if row else None


def account_by_login(login: str) -> AccountCard | None:
    """The account with this login, or None; for the operator, never told at a door."""
    row = Account.objects.filter(login_key=vault.find_key("login", login).hex()).first()
    return account_card(row) if row else None


def account_of_person(person_id: UUID) -> AccountCard | None:
    """The holder's account of a space, or None when nobody signed in for it yet."""
    row = Account.objects.filter(person_id=person_id, kind=Account.Kind.HOLDER).first()
    return account_card(row) if row else None


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
    if account.professional_id is None:
        kind: ActorKind = "operator" if account.kind == Account.Kind.OPERATOR else "support"
        return Actor(kind=kind, id=account.id, name="")
    card = professional(account.professional_id)
    places = practices(card.id)
    if institution_id is not None:
        places = [place for place in places if place.id == institution_id]
    if not card.is_active or (institution_id is not None and not places):
        raise Refused("ABSENT")
    return _professional_actor(card, places[0] if len(places) == 1 else None)


def _professional_actor(card: ProfessionalCard, place: InstitutionCard | None, software: str = "") -> Actor:
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


class _Memory:
    """Tokens seen lately; bounded, for several threads, and never older than `TOKEN_MEMORY`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[bytes, tuple[Actor, datetime, datetime]] = {}

    def get(self, digest: bytes, at: datetime) -> Actor | None:
        with self._lock:
            found = self._known.get(digest)
        if found is None:
            return None
        actor, since, until = found
        return actor if since <= at < until else None

    def put(self, digest: bytes, actor: Actor, at: datetime, until: datetime) -> None:
        with self._lock:
            if len(self._known) >= MOST_TOKENS:
                self._known.clear()
            self._known[digest] = (actor, at, min(until, at + TOKEN_MEMORY))

    def clear(self) -> None:
        with self._lock:
            self._known.clear()


_MEMORY: Final = _Memory()


def token_digest(token: str) -> bytes:
    """What is kept of a token; plain SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(token.encode(errors="backslashreplace")).digest()


def actor_by_token(token: str) -> Actor | None:
    """Who acts with this bearer token, or None; remembered at most 15 s, so a revocation takes that long."""
    digest, at = token_digest(token), clock.now()
    actor = _MEMORY.get(digest, at)
    if actor is not None:
        return actor
    row = Token.objects.filter(digest=digest, revoked_at=None, expires_at__gt=at).first()
    actor = _token_actor(row) if row else None
    if row and actor:
        _MEMORY.put(digest, actor, at, row.expires_at)
    return actor


def software_id(name: str, institution_id: UUID) -> UUID | None:
    """The software of that name at this structure, or None."""
    return Software.objects.filter(name=name, institution_id=institution_id).values_list("id", flat=True).first()


def forget_tokens() -> None:
    """Forget what this process remembers of tokens."""
    _MEMORY.clear()


def _token_actor(row: Token) -> Actor | None:
    software = Software.objects.filter(id=row.software_id).select_related("institution").first()
    if software is None or not (software.is_active and software.institution.is_active):
        return None
    place = institution_card(software.institution)
    if row.professional_id is None:
        return Actor(
            kind="institution", id=place.id, name=place.name, institution_id=place.id, institution_name=place.name,
            software=software.name,
        )  # fmt: skip
    card = Professional.objects.filter(id=row.professional_id, is_active=True).first()
    return _professional_actor(professional_card(card), place, software.name) if card else None
