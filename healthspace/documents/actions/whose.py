"""Whose a document is: exact INS and agreeing traits, never a guess (ID-1)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from healthspace.access import gate
from healthspace.access.rules import HOLDER_SIDE
from healthspace.documents.actions.quarantine import IdentityDiffers
from healthspace.documents.ports import Patient
from healthspace.documents.rules import Order
from healthspace.spaces import reads as spaces
from healthspace.spaces import rules as identity

_SEXES: Final[dict[str, identity.Sex]] = {"M": "M", "F": "F"}


def person_of(order: Order) -> UUID | None:
    """The space named, or whom the INS names; never a guess from traits (ID-1)."""
    if order.person_id is not None:
        return order.person_id
    return spaces.find_person(order.identity.ins) if order.identity else None


def check_identity(standing: gate.Standing, order: Order, patient: Patient | None) -> None:
    """Exact INS is not enough: the strict traits must agree and the identity be qualified.

    Both what the sender says and what the document itself says of its patient count (ID-1).
    """
    if order.identity is None:
        _check_stated(standing, patient)
        return
    known = spaces.identity(standing.person_id)
    if known.status != "qualified":
        raise IdentityDiffers("identity-not-qualified")
    told = [order.identity.traits]
    if patient is not None:
        told.append(_traits(patient))
        if order.identity.ins.matricule not in {number.extension for number in patient.identifiers}:
            raise IdentityDiffers("document-of-another")
    given = [traits for traits in told if traits is not None]
    if not given:
        raise IdentityDiffers("traits-missing")
    if any(identity.traits_differ(known.traits, traits) for traits in given):
        raise IdentityDiffers("traits-differ")


def _check_stated(standing: gate.Standing, patient: Patient | None) -> None:
    """Filed into a record that is open on the screen: the document must not state another patient.

    What holders put into their own space is theirs to choose. Numbers under a test authority are made
    up, so there only traits count.
    """
    if patient is None or standing.actor.kind in HOLDER_SIDE:
        return
    known = spaces.identity(standing.person_id)
    stated = {number.extension for number in patient.identifiers if number.root in identity.AUTHORITIES}
    is_test = known.ins.oid in identity.TEST_AUTHORITIES
    if stated and not is_test and known.ins.matricule not in stated:
        raise IdentityDiffers("document-of-another")
    traits = _traits(patient)
    if traits is not None and identity.traits_differ(known.traits, traits):
        raise IdentityDiffers("traits-differ")


def _traits(patient: Patient) -> identity.Traits | None:
    """The strict traits that a CDA header states; None if it does not state them."""
    if patient.born_on is None or not patient.birth_name:
        return None
    return identity.Traits(
        birth_name=patient.birth_name,
        first_names=patient.first_names,
        born_on=patient.born_on,
        sex=_SEXES.get(patient.sex, "U"),
        birth_place=patient.birth_place,
    )
