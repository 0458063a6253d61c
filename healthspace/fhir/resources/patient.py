"""Who a space is about, as a French core Patient, for whoever may look a person up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from healthspace.access import reads as access
from healthspace.common.actor import Actor
from healthspace.common.errors import Invalid, Refused
from healthspace.fhir import codes
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import Identity

Json = dict[str, Any]
_GENDER = {"M": "male", "F": "female"}


def find(*, actor: Actor, system: str, value: str) -> Json | None:
    """The Patient of exactly this INS; None when there is none that this caller may know."""
    try:
        found = access.find_patient(actor=actor, ins=spaces.parse_ins(value, system))
    except (Refused, Invalid):
        return None
    return resource(found.person_id, found.identity)


def known(*, actor: Actor, person_id: UUID) -> Json | None:
    """The Patient of this id; None when there is none whose record this caller may consult."""
    try:
        return resource(person_id, access.open_record(actor=actor, person_id=person_id))
    except Refused:
        return None


def person_of(system: str, value: str) -> UUID | None:
    """The person of exactly this INS, for an act that the gate will decide about."""
    try:
        return spaces.find_person(spaces.parse_ins(value, system))
    except Invalid:
        return None


def resource(person_id: UUID, identity: Identity) -> Json:
    """The Patient of an identity: INS and strict traits; no address, phone or e-mail."""
    traits = identity.traits
    name: Json = {"use": "official", "family": traits.birth_name, "given": list(traits.first_names)}
    name["extension"] = [{"url": codes.BIRTH_FIRST_NAMES, "valueString": " ".join(traits.first_names)}]
    names = [name]
    if identity.used_name or identity.used_first_name:
        used: Json = {"use": "usual"}
        used |= {"family": identity.used_name} if identity.used_name else {}
        used |= {"given": [identity.used_first_name]} if identity.used_first_name else {}
        names.append(used)
    found: Json = {"resourceType": "Patient", "id": str(person_id), "meta": {"profile": [codes.FR_PATIENT]}}
    if traits.birth_place:
        place = {"system": codes.COMMUNES, "code": traits.birth_place}
        found["extension"] = [
            {
                "url": codes.BIRTH_PLACE,
                "valueAddress": {"extension": [{"url": codes.INSEE_CODE, "valueCoding": place}]},
            }
        ]
    found["identifier"] = [
        {"use": "official", "system": f"urn:oid:{identity.ins.oid}", "value": identity.ins.matricule}
    ]
    found["name"] = names
    found["gender"] = _GENDER.get(traits.sex, "unknown")
    found["birthDate"] = traits.born_on.isoformat()
    return found
