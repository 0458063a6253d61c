"""The header of a CDA R2 document as plain JSON values (CI-SIS, minimal structure). Parser process only."""

from __future__ import annotations

from lxml import etree

from healthspace.documents.adapters import cda_xml
from healthspace.documents.adapters.cda_xml import NS, attribute, first, tag, text_of
from healthspace.documents.adapters.fault import Fault

Value = dict[str, object]

PERSONS, STRUCTURES = "1.2.250.1.71.4.2.1", "1.2.250.1.71.4.2.2"
BIRTH, USED = frozenset(["BR"]), frozenset(["CL", "SP"])


def header(root: etree._Element) -> Value:
    """Everything the index needs; a Fault when patient, id, type or body is missing."""
    level_one = cda_xml.body(root)
    if level_one is None and root.find("h:component/h:structuredBody", NS) is None:
        raise Fault("DOC-CDA-BODY")
    role = root.find("h:recordTarget/h:patientRole", NS)
    identifier, kind = _identifier(first(root, "h:id")), _code(first(root, "h:code"))
    if role is None or identifier is None or kind is None:
        raise Fault("DOC-CDA-HEADER")
    event = root.find("h:documentationOf/h:serviceEvent", NS)
    performer = _party(first(event, "h:performer"), "h:assignedEntity", "h:representedOrganization")
    authors = [_party(one, "h:assignedAuthor", "h:representedOrganization") for one in root.findall("h:author", NS)]
    types = [level_one.get("mediaType") or ""] if level_one is not None else _media_types(root)
    return {
        "patient": _patient(role),
        "identifier": identifier,
        "set_id": _identifier(first(root, "h:setId")),
        "version": _number(attribute(root, "h:versionNumber", "value")),
        "type": kind,
        "title": text_of(first(root, "h:title")) or kind["display"] or kind["code"],
        "level": 1 if level_one is not None else 3,
        "made_at": attribute(root, "h:effectiveTime", "value"),
        "confidentiality": [_code(one) for one in root.findall("h:confidentialityCode", NS) if one.get("code")],
        "language": attribute(root, "h:languageCode", "code"),
        "authors": [one for one in authors if one is not None],
        "legal_authenticator": _party(
            first(root, "h:legalAuthenticator"), "h:assignedEntity", "h:representedOrganization"
        ),
        "custodian": _custodian(root),
        "performer": performer,
        "event": _code(first(event, "h:code")),
        "service_start": _bound(first(event, "h:effectiveTime"), "low"),
        "service_stop": _bound(first(event, "h:effectiveTime"), "high"),
        "setting_code": _setting(root, performer),
        "facility_code": attribute(
            root, "h:componentOf/h:encompassingEncounter/h:location/h:healthCareFacility/h:code", "code"
        ),
        "parents": [parent for one in root.findall("h:relatedDocument", NS) for parent in _parents(one)],
        "media_types": types,
    }


def _media_types(root: etree._Element) -> list[str]:
    return [value.get("mediaType") or "" for _, value in cda_xml.media(root)]


def _identifier(element: etree._Element | None) -> dict[str, str] | None:
    if element is None or not element.get("root"):
        return None
    return {"root": element.get("root", ""), "extension": element.get("extension") or ""}


def _code(element: etree._Element | None) -> dict[str, str] | None:
    if element is None or not element.get("code"):
        return None
    return {
        "code": element.get("code", ""),
        "system": element.get("codeSystem") or "",
        "display": element.get("displayName") or "",
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _bound(interval: etree._Element | None, side: str) -> str:
    return attribute(interval, f"h:{side}", "value") or (interval.get("value") or "" if interval is not None else "")


def _patient(role: etree._Element) -> Value:
    person = first(role, "h:patient")
    name = first(person, "h:name")
    given = _first_names(name)
    return {
        "identifiers": [one for one in map(_identifier, role.findall("h:id", NS)) if one],
        "birth_name": _part(name, "family", BIRTH) or _part(name, "family", None) or _part(name, "family", USED),
        "used_name": _part(name, "family", USED),
        "first_names": given,
        "used_first_name": _part(name, "given", USED),
        "sex": attribute(person, "h:administrativeGenderCode", "code"),
        "born_on": attribute(person, "h:birthTime", "value"),
        "birth_place": text_of(first(person, "h:birthplace/h:place/h:addr/h:county")),
    }


def _part(name: etree._Element | None, part: str, qualifiers: frozenset[str] | None) -> str:
    """The first part of a name whose qualifier is one of these (None: has none)."""
    if name is None:
        return ""
    for element in name.findall(f"h:{part}", NS):
        has = frozenset((element.get("qualifier") or "").split())
        if (not has) if qualifiers is None else bool(has & qualifiers):
            return text_of(element)
    return ""


def _first_names(name: etree._Element | None) -> list[str]:
    """The birth first names: the list of the birth act is one text, its first name is given apart (BR)."""
    if name is None:
        return []
    birth = _part(name, "given", BIRTH)
    plain = [text_of(one) for one in name.findall("h:given", NS) if not one.get("qualifier")]
    listed = " ".join(plain).replace(",", " ")
    if not listed:
        return [birth] if birth else []
    if birth and (listed + " ").startswith(birth + " "):
        return [birth, *listed[len(birth) :].split()]
    return listed.split()


def _person_name(person: etree._Element | None) -> str:
    name = first(person, "h:name")
    if name is None:
        return ""
    titles = [text_of(one) for one in name.findall("h:suffix", NS) + name.findall("h:prefix", NS)]
    title = next((one for one in titles if one.upper().strip(".") in ("DR", "PR")), "")
    given = _part(name, "given", None) or _part(name, "given", BIRTH | USED)
    family = _part(name, "family", None) or _part(name, "family", BIRTH | USED)
    words = [title.capitalize(), given, family]
    return " ".join(word for word in words if any(map(str.isalnum, word))) or text_of(name)


def _party(element: etree._Element | None, entity_path: str, organization_path: str) -> Value | None:
    entity = first(element, entity_path)
    if entity is None:
        return None
    identifier = _identifier(first(entity, "h:id"))
    organization = first(entity, organization_path)
    name = _person_name(first(entity, "h:assignedPerson"))
    software = text_of(first(entity, "h:assignedAuthoringDevice/h:softwareName"))
    stamp = first(element, "h:time")
    return {
        "identifier": identifier,
        "rpps": _rpps(identifier),
        "name": name,
        "specialty": _code(first(entity, "h:code")),
        "software": software,
        "at": "" if stamp is None else stamp.get("value") or _bound(stamp, "high") or _bound(stamp, "low"),
        "setting_code": attribute(organization, "h:standardIndustryClassCode", "code"),
        **_organization(organization),
    }


def _organization(organization: etree._Element | None) -> Value:
    ids = [] if organization is None else organization.findall("h:id", NS)
    known = [one for one in map(_identifier, ids) if one]
    best = next((one for one in known if one["root"] == STRUCTURES), known[0] if known else None)
    return {
        "organization_id": best,
        "finess": _finess(best),
        "organization_name": text_of(first(organization, "h:name")),
    }


def _custodian(root: etree._Element) -> Value | None:
    organization = root.find("h:custodian/h:assignedCustodian/h:representedCustodianOrganization", NS)
    return None if organization is None else _organization(organization)


def _rpps(identifier: dict[str, str] | None) -> str:
    """PSIdNat is 8 + RPPS; some senders write the RPPS alone."""
    if identifier is None or identifier["root"] != PERSONS:
        return ""
    value = identifier["extension"]
    if len(value) == 12 and value[0] == "8" and value.isdigit():
        return value[1:]
    return value if len(value) == 11 and value.isdigit() else ""


def _finess(identifier: dict[str, str] | None) -> str:
    """A structure id is 1 + FINESS (9 characters); 2A and 2B exist."""
    if identifier is None or identifier["root"] != STRUCTURES:
        return ""
    value = identifier["extension"]
    return value[1:] if len(value) == 10 and value[0] == "1" and value.isalnum() else ""


def _setting(root: etree._Element, performer: Value | None) -> str:
    """practiceSettingCode is the performer's; then the first one said anywhere."""
    if performer is not None and performer["setting_code"]:
        return str(performer["setting_code"])
    for one in root.iter(tag("standardIndustryClassCode")):
        if one.get("code"):
            return one.get("code", "")
    return ""


def _parents(related: etree._Element) -> list[Value]:
    found: list[Value] = []
    for parent in related.findall("h:parentDocument", NS):
        identifier = _identifier(first(parent, "h:id"))
        if identifier is not None:
            found.append(
                {
                    "relation": related.get("typeCode") or "",
                    "identifier": identifier,
                    "set_id": _identifier(first(parent, "h:setId")),
                    "version": _number(attribute(parent, "h:versionNumber", "value")),
                }
            )
    return found
