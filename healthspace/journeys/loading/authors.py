"""Who files a loaded document: its author, if the document names one by RPPS or FINESS."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from healthspace.common.actor import Actor
from healthspace.common.errors import Invalid
from healthspace.documents.rules import Author, Order
from healthspace.people import actions as people_actions
from healthspace.people import reads as people
from healthspace.terminology import reads as terminology

TITLES: Final = frozenset({"DR", "PR", "M", "MME", "MR", "MLLE"})
ANY_PRACTICE: Final = "SA07"


def actor_of(order: Order, fallback: Actor) -> Actor:
    """The first author as an actor; the directory learns whom it does not know and is never changed."""
    for author in order.authors:
        place = _place(author, order)
        if author.rpps:
            found = _professional(author, place)
            if found is not None:
                return found
        if place is not None:
            return Actor(
                kind="institution",
                id=place.id,
                name=place.name,
                institution_id=place.id,
                institution_name=place.name,
                software="load",
            )
    return fallback


def _professional(author: Author, place: people.InstitutionCard | None) -> Actor | None:
    card = people.professional_by_rpps(author.rpps) or _learn(author)
    if card is None:
        return None
    return Actor(
        kind="professional",
        id=card.id,
        name=card.name,
        professional_id=card.id,
        profession=card.profession,
        institution_id=place.id if place else None,
        institution_name=place.name if place else "",
        software="load",
    )


def _learn(author: Author) -> people.ProfessionalCard | None:
    words = [word for word in author.name.split() if word.upper().strip(".") not in TITLES]
    profession = author.specialty.removeprefix("G15_").partition("/")[0]
    if not words or not author.specialty.startswith("G15_"):
        return None
    try:
        learned: UUID = people_actions.ensure_professional(
            rpps=author.rpps,
            family_name=words[-1],
            first_name=" ".join(words[:-1]),
            profession=profession,
            specialty=author.specialty,
        )
    except Invalid:
        return None
    return people.professional(learned)


def _place(author: Author, order: Order) -> people.InstitutionCard | None:
    if not author.finess:
        return None
    found = people.institution_by_finess(author.finess)
    if found is not None:
        return found
    kind = order.facility_code if order.facility_code in terminology.facility_types() else ANY_PRACTICE
    setting = order.setting_code if order.setting_code in terminology.settings() else ""
    try:
        learned = people_actions.ensure_institution(
            finess=author.finess, name=author.institution or author.finess, facility_type=kind, setting=setting
        )
    except Invalid:
        return None
    return people.institution(learned)
