"""The public directory, as it is loaded."""

from __future__ import annotations

from uuid import UUID

from healthspace.common.errors import Invalid
from healthspace.people import rules
from healthspace.people.models import Institution, Practice, Professional
from healthspace.terminology import reads as terminology

DOCTORS = frozenset({"10", "40"})


def ensure_professional(
    *,
    rpps: str,
    family_name: str,
    first_name: str,
    profession: str,
    specialty: str = "",
    title: str | None = None,
    is_active: bool = True,
) -> UUID:
    """The professional with this RPPS, made or brought up to date; their id.

    `profession` is a TRE_G15 code; without `title` doctors and dentists get "Dr".
    Invalid when the number or the profession is wrong.
    """
    if not rules.is_rpps(rpps):
        raise Invalid("rpps", "RPPS", "This RPPS number is wrong.", "Give its 11 digits; the last one is a control.")
    if profession not in terminology.professions():
        raise Invalid("profession", "TRE_G15", "This profession is not known.", "Give a code of TRE_G15, such as 10.")
    row, _ = Professional.objects.update_or_create(
        rpps=rpps,
        defaults={
            "family_name": family_name,
            "first_name": first_name,
            "title": ("Dr" if profession in DOCTORS else "") if title is None else title,
            "profession": profession,
            "specialty": specialty,
            "is_active": is_active,
            "family_key": rules.search_key(family_name),
            "first_key": rules.search_key(first_name),
        },
    )
    return row.id


def ensure_institution(
    *, finess: str, name: str, facility_type: str, setting: str = "", city: str = "", is_active: bool = True
) -> UUID:
    """The structure with this FINESS, made or brought up to date; its id. Invalid when a code is wrong."""
    if not rules.is_finess(finess):
        raise Invalid("finess", "FINESS", "This FINESS number is wrong.", "Give its 9 characters.")
    if facility_type not in terminology.facility_types():
        raise Invalid("facility_type", "JDV_J02", "This kind of structure is not known.", "Give a code of JDV_J02.")
    if setting and setting not in terminology.settings():
        raise Invalid("setting", "JDV_J04", "This setting is not known.", "Give a code of JDV_J04, or none.")
    row, _ = Institution.objects.update_or_create(
        finess=finess,
        defaults={
            "name": name,
            "facility_type": facility_type,
            "setting": setting,
            "city": city,
            "is_active": is_active,
        },
    )
    return row.id


def add_practice(*, professional_id: UUID, institution_id: UUID) -> None:
    """This professional works in this structure; twice is once."""
    Practice.objects.get_or_create(professional_id=professional_id, institution_id=institution_id)
