"""The directory as cards."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from healthspace.common.errors import Refused
from healthspace.people import rules
from healthspace.people.models import Institution, Practice, Professional


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
