"""The CI-SIS header of a CDA R2 document, and the whole document around a body."""

from lxml import etree

from healthspace.demo.make.markup import ACT_CODE, code, day, el, stamp, template
from healthspace.demo.make.parts import Header, Maker, Place, Subject

PERSONS = "1.2.250.1.71.4.2.1"
STRUCTURES = "1.2.250.1.71.4.2.2"
SEX_LABELS = {"M": "Masculin", "F": "Féminin", "U": "Inconnu"}
ENCOUNTERS = {"AMB": "Ambulatoire", "IMP": "Hospitalisation", "EMER": "Urgences"}
CONFIDENTIALITY_LABELS = {
    "MASQUE_PS": "Masqué aux professionnels de santé",
    "INVISIBLE_PATIENT": "Non visible par le patient",
    "INVISIBLE_REPRESENTANTS_LEGAUX": "Non visible par les représentants légaux du patient",
}
LOCAL_TYPES = "1.2.250.1.213.1.1.4.12"


def document(header: Header, body: etree._Element) -> bytes:
    """A whole ClinicalDocument: the header, then the body given (structured or not)."""
    root = el("ClinicalDocument")
    for part in (*_identification(header), *_people(header), *_acts(header)):
        root.append(part)
    root.append(el("component", body))
    etree.cleanup_namespaces(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=False)


def _identification(header: Header) -> list[etree._Element]:
    system = "2.16.840.1.113883.6.1" if header.type_code[0].isdigit() else LOCAL_TYPES
    return [
        el("realmCode", code="FR"),
        el("typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040"),
        *template("2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1", *header.models),
        el("id", root=header.unique_id),
        code(header.type_code, header.type_label, system),
        el("title", header.title),
        el("effectiveTime", value=stamp(header.made_at)),
        el("confidentialityCode", code="N", displayName="Normal", codeSystem="2.16.840.1.113883.5.25"),
        el("languageCode", code="fr-FR"),
        el("setId", root=header.set_id or header.unique_id),
        el("versionNumber", value=str(header.version)),
    ]


def _people(header: Header) -> list[etree._Element]:
    author = header.author
    people = [
        record_target(header.subject),
        el("author", el("time", value=stamp(header.made_at)), _assigned("assignedAuthor", author)),
        _custodian(author.place),
        el(
            "legalAuthenticator",
            el("time", value=stamp(header.made_at)),
            el("signatureCode", code="S"),
            _assigned("assignedEntity", author),
        ),
    ]
    if header.attending:
        people.append(_attending(header.attending))
    return people


def _acts(header: Header) -> list[etree._Element]:
    start, stop = stamp(header.started_at), stamp(header.service_stop or header.started_at)
    span = [el("low", value=start), el("high", value=stop)]
    performer = el("performer", _assigned("assignedEntity", header.author, setting=True), typeCode="PRF")
    event = el(
        "serviceEvent",
        code(header.event_code, header.event_label, header.event_system) if header.event_code else None,
        el("effectiveTime", *span),
        performer,
    )
    acts = [el("documentationOf", event)]
    if header.replaces:
        acts.append(el("relatedDocument", el("parentDocument", el("id", root=header.replaces)), typeCode="RPLC"))
    acts += [_authorization(word) for word in header.confidentiality]
    return [*acts, _encounter(header, start, stop)]


def _authorization(word: str) -> etree._Element:
    label = code(word, CONFIDENTIALITY_LABELS[word], "1.2.250.1.213.1.1.4.13")
    consent = el("consent", label, el("statusCode", code="completed"), classCode="CONS", moodCode="EVN")
    return el("authorization", consent, typeCode="AUTH")


def _encounter(header: Header, start: str, stop: str) -> etree._Element:
    place = header.author.place
    facility = el("healthCareFacility", code(place.facility_type, place.facility_label, "1.2.250.1.71.4.2.4"))
    return el(
        "componentOf",
        el(
            "encompassingEncounter",
            code(header.encounter, ENCOUNTERS[header.encounter], ACT_CODE),
            el("effectiveTime", el("low", value=start), el("high", value=stop)),
            el("location", facility),
        ),
    )


def record_target(subject: Subject) -> etree._Element:
    """The person with the matricule, the traits and the address."""
    names = el(
        "name",
        el("family", subject.birth_name, qualifier="BR"),
        el("given", " ".join(subject.first_names)),
        el("given", subject.first_names[0], qualifier="BR"),
        el("family", subject.used_name, qualifier="CL"),
        el("given", subject.first_names[0], qualifier="CL"),
    )
    place = el("addr", el("county", subject.birth_place_code), el("city", subject.birth_place))
    patient = el(
        "patient",
        names,
        code(subject.sex, SEX_LABELS[subject.sex], "2.16.840.1.113883.5.1", tag="administrativeGenderCode"),
        el("birthTime", value=day(subject.born_on)),
        el("birthplace", el("place", place)),
        classCode="PSN",
    )
    role = el(
        "patientRole",
        el("id", root=subject.oid, extension=subject.ins),
        _address(subject.street, subject.postcode, subject.city, use="H"),
        el("telecom", value=f"tel:{subject.phone}", use="H"),
        patient,
    )
    return el("recordTarget", role)


def _address(street: str, postcode: str, city: str, use: str = "") -> etree._Element:
    parts = [el("streetAddressLine", street), el("postalCode", postcode), el("city", city)]
    return el("addr", *parts, **({"use": use} if use else {}))


def _assigned(tag: str, maker: Maker, *, setting: bool = False) -> etree._Element:
    specialty = f"G15_{maker.profession}" + (f"/{maker.specialty}" if maker.specialty else "")
    name = el("name", el("given", maker.first_name), el("family", maker.family_name))
    if maker.title:
        name.append(el("suffix", "DR"))
    return el(
        tag,
        el("id", root=PERSONS, extension=f"8{maker.rpps}"),
        code(specialty, maker.label, "1.2.250.1.213.1.1.4.5"),
        _address(maker.place.street, maker.place.postcode, maker.place.city),
        el("telecom", value=f"tel:{maker.place.phone}", use="WP"),
        el("assignedPerson", name),
        _organisation("representedOrganization", maker.place, setting=setting),
    )


def _organisation(tag: str, place: Place, *, setting: bool = False) -> etree._Element:
    node = el(
        tag,
        el("id", root=STRUCTURES, extension=f"1{place.finess}"),
        el("name", place.name),
        el("telecom", value=f"tel:{place.phone}", use="WP"),
        _address(place.street, place.postcode, place.city),
    )
    if setting:
        label = "Ambulatoire" if place.setting == "AMBULATOIRE" else "Etablissement de santé"
        node.append(code(place.setting, label, "1.2.250.1.213.1.1.4.9", tag="standardIndustryClassCode"))
    return node


def _custodian(place: Place) -> etree._Element:
    organisation = _organisation("representedCustodianOrganization", place)
    return el("custodian", el("assignedCustodian", organisation))


def _attending(maker: Maker) -> etree._Element:
    name = el("name", el("given", maker.first_name), el("family", maker.family_name), el("suffix", "DR"))
    return el(
        "participant",
        code("PCP", "Médecin traitant", "2.16.840.1.113883.5.88", tag="functionCode"),
        el("time", nullFlavor="NA"),
        el(
            "associatedEntity",
            el("id", root=PERSONS, extension=f"8{maker.rpps}"),
            el("associatedPerson", name),
            classCode="PROV",
        ),
        typeCode="INF",
    )
