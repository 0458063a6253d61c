"""What goes in and out of the FHIR door, against HL7's schema and ANS's published examples."""

from __future__ import annotations

import base64
import copy
import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from healthspace.fhir import bodies, bundle, capability, elements
from healthspace.fhir.outcome import Fault
from healthspace.fhir.resources.document_reference import parties, to_ours
from tests import people
from tests.doors.fhir_client import PDF, call, document, file, pdf, sha1, submission, token_of
from tests.people import Holder, Hospital


@pytest.fixture(scope="session")
def schema(shared: Path) -> Any:
    """HL7's own JSON schema of R4, compiled for the types that this door speaks."""
    text = json.loads((shared / "data/fhir-r4-definitions/fhir.schema.json").read_text())
    kinds = {*elements._definitions(), "CapabilityStatement", "OperationOutcome"}
    return {
        kind: jsonschema_rs.validator_for({"definitions": text["definitions"], **text["definitions"][kind]})
        for kind in kinds
        if "resourceType" in text["definitions"][kind]["properties"]
    }


@pytest.fixture(scope="session")
def examples(shared: Path) -> Path:
    return shared / "data/fhir-fr"


def assert_valid(schema: Any, resource: dict[str, Any]) -> None:
    """Valid by HL7's schema, as itself and inside of a bundle, with absolute care for its type."""
    if "fhirVersion" in resource:  # the schema is that of 4.0.0 and does not know the correction 4.0.1
        resource = {**resource, "fhirVersion": "4.0.0"}
    faults = [
        f"{fault.instance_path}: {fault.message[:200]}"
        for fault in schema[resource["resourceType"]].iter_errors(resource)
    ]
    assert not faults, faults[:3]
    for entry in resource.get("entry", []):
        if "resource" in entry:
            assert_valid(schema, entry["resource"])


@pytest.fixture(scope="module")
def amina() -> Holder:
    return people.amina()


@pytest.fixture(scope="module")
def rivemont() -> Hospital:
    return people.rivemont()


def test_output__every_answer_is_valid_r4(schema: Any, amina: Holder, rivemont: Hospital) -> None:
    doctor = people.dr_nguyen()
    people.grant(amina, doctor)
    token = token_of(doctor)
    logical_id = file(amina, rivemont)
    sent = call("POST", "/", token=rivemont.token, body=submission(amina, pdf(1), pdf(2)))
    list_address = sent.json["entry"][0]["response"]["location"]
    person = ("patient", str(amina.person_id))
    as_json = {"Accept": "application/fhir+json"}
    for reply in (
        sent,
        call("GET", "/metadata"),
        call("GET", f"/DocumentReference/{logical_id}", token=token),
        call("GET", f"/DocumentReference/{logical_id}/_history", token=token),
        call("GET", f"/DocumentReference/{logical_id}/_history/1", token=token),
        call("GET", f"/Binary/{logical_id}", token=token, headers=as_json),
        call("GET", "/DocumentReference", token=token, query=[person, ("_total", "accurate"), ("colour", "red")]),
        call("GET", "/DocumentReference", token=token, query=[person, ("_summary", "count")]),
        call("GET", f"/Patient/{amina.person_id}", token=token),
        call("GET", "/Patient", token=token, query=[("identifier", f"urn:oid:{amina.ins.oid}|{amina.ins.matricule}")]),
        call("GET", f"/{list_address}", token=token),
        call("GET", "/List", token=token, query=[person]),
        call("GET", "/Patient/x", token=token),
        call("GET", "/Patient/x"),
        call("POST", "/DocumentReference", token=rivemont.token, body={"resourceType": "DocumentReference", "a": 1}),
    ):
        assert_valid(schema, reply.json)


def test_output__comprehensive_document_has_what_pdsm_asks(amina: Holder, rivemont: Hospital) -> None:
    sent = call("POST", "/", token=rivemont.token, body=submission(amina))
    address = sent.json["entry"][1]["response"]["location"]
    found = call("GET", f"/{address}", token=rivemont.token).json
    assert found["meta"]["profile"] == [
        "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-comprehensive-document-reference"
    ]
    for name in ("contained", "masterIdentifier", "status", "type", "category", "subject", "date", "author",
                 "custodian", "securityLabel", "content", "context"):  # fmt: skip
        assert found[name], name
    attached = found["content"][0]["attachment"]
    assert (attached["size"], attached["hash"], attached["title"]) == (len(PDF), sha1(PDF), "Analyses de sang")
    assert attached["url"] == f"Binary/{found['id']}"
    assert found["content"][0]["format"]["code"]
    assert {"period", "facilityType", "practiceSetting"} <= set(found["context"])
    contained = {f"#{one['id']}" for one in found["contained"]}
    assert all(author["reference"] in contained for author in found["author"])


def test_round_trip__what_was_read_can_be_filed_again(amina: Holder, rivemont: Hospital) -> None:
    kept = document(
        amina,
        docStatus="final",
        identifier=[{"system": "urn:ietf:rfc:3986", "value": "urn:uuid:8da1cfcc-05db-4aca-86ad-82aa756a64bb"}],
        authenticator={"display": "Dr Ada Roux", "identifier": {"system": "https://rpps.esante.gouv.fr", "value": "1"}},
    )
    kept["content"][0]["format"] = {"system": "urn:x", "code": "urn:ihe:iti:xds-sd:pdf:2008", "display": "PDF"}
    kept["context"]["event"] = [{"text": "Consultation"}]
    logical_id = call("POST", "/DocumentReference", token=rivemont.token, body=kept).headers["Location"].split("/")[-3]
    found = call("GET", f"/DocumentReference/{logical_id}", token=rivemont.token).json
    for name in ("docStatus", "identifier", "authenticator", "masterIdentifier", "type", "description"):
        assert found[name] == kept[name] or found[name]["coding"][0]["code"] == kept[name]["coding"][0]["code"], name
    assert found["content"][0]["format"] == kept["content"][0]["format"]
    assert found["content"][0]["attachment"]["creation"] == kept["content"][0]["attachment"]["creation"]
    assert found["context"]["event"] == kept["context"]["event"]
    assert found["contained"][0]["identifier"][0] == {"system": "https://finess.esante.gouv.fr", "value": "010000024"}
    again = copy.deepcopy(found)
    for name in ("id", "meta", "relatesTo"):
        again.pop(name, None)
    again["contained"] = [*again["contained"], kept["contained"][0]]
    again["subject"] = {"reference": "#pat"}
    again["context"]["sourcePatientInfo"] = {"reference": "#pat"}
    again["masterIdentifier"]["value"] += ".2"
    del again["content"][0]["attachment"]["url"]
    again["content"][0]["attachment"]["data"] = base64.b64encode(PDF).decode()
    assert call("POST", "/DocumentReference", token=rivemont.token, body=again).status == 201


@pytest.mark.parametrize(
    "name",
    [
        "Binary-6789", "Bundle-a9c10f8a-882d-4000-a280-7150e0aeb478", "DocumentReference-PDSmSimplifiedExample",
        "DocumentReference-exemple-pdsm-documentreference", "List-ExampleFolder", "List-ExampleSubmissionSet",
        "Organization-example-organization-fictive", "Organization-example-organization-nancy",
        "Organization-org-example", "Patient-fr-patient-123", "Practitioner-mss-practitioner-bal-per-dupont",
        "Practitioner-mss-practitioner-bal-per-martin-elements", "Bundle-mss-bundle-bal-per-full",
    ],
)  # fmt: skip
def test_published_example__passes_our_checks_as_hl7s(schema: Any, examples: Path, name: str) -> None:
    resource = bodies.loads((examples / f"{name}.json").read_bytes())
    assert_valid(schema, resource)
    assert elements.check(resource, resource["resourceType"]) == []


def test_published_simplified__files_once_its_person_and_bytes_are_real(
    examples: Path, amina: Holder, rivemont: Hospital
) -> None:
    """The guide's own example names a patient of its own server, a false size and a false hash."""
    resource = json.loads((examples / "DocumentReference-PDSmSimplifiedExample.json").read_text())
    to_ours.check(resource)
    refused = call("POST", "/DocumentReference", token=rivemont.token, body=resource)
    assert refused.status == 422
    mended = copy.deepcopy(resource)
    ins = {"system": f"urn:oid:{amina.ins.oid}", "value": amina.ins.matricule}
    mended["contained"] = [document(amina)["contained"][0]]
    mended["subject"] = {"reference": "#pat", "identifier": ins}
    mended["masterIdentifier"]["value"] += str(amina.person_id)
    attached = mended["content"][0]["attachment"]
    attached |= {"data": base64.b64encode(PDF).decode(), "size": len(PDF), "hash": sha1(PDF)}
    assert call("POST", "/DocumentReference", token=rivemont.token, body=mended).status == 201


def test_published_comprehensive__files_in_a_bundle_with_its_set(
    examples: Path, schema: Any, amina: Holder, rivemont: Hospital
) -> None:
    reference = json.loads((examples / "DocumentReference-exemple-pdsm-documentreference.json").read_text())
    submission_set = json.loads((examples / "List-ExampleSubmissionSet.json").read_text())
    reference["contained"].append(document(amina)["contained"][0])
    reference["subject"] = {"reference": "#pat"}
    reference["author"] = [{"reference": "#practitioner-example"}]
    reference["masterIdentifier"]["value"] += str(amina.person_id)
    attached = reference["content"][0]["attachment"]
    attached |= {"size": len(PDF), "hash": sha1(PDF), "url": "urn:uuid:8da1cfcc-05db-4aca-86ad-82aa756a64bb"}
    binary = json.loads((examples / "Binary-6789.json").read_text()) | {"data": base64.b64encode(PDF).decode()}
    entries = [
        {"fullUrl": f"urn:uuid:8da1cfcc-05db-4aca-86ad-82aa756a64b{place}", "resource": resource,
         "request": {"method": "POST", "url": resource["resourceType"]}}
        for place, resource in enumerate((submission_set, reference, binary))
    ]  # fmt: skip
    entries[2]["fullUrl"] = attached["url"]
    body = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    sent = call("POST", "/", token=rivemont.token, body=body)
    assert sent.status == 200, sent.body
    found = call("GET", f"/{sent.json['entry'][1]['response']['location']}", token=rivemont.token).json
    assert_valid(schema, found)
    assert found["contained"][0]["identifier"][0]["value"] == "10101201234"
    assert found["contained"][0]["name"][0]["text"] == "Leclerc Sophie"
    assert found["custodian"] != {"reference": "Organization/org-example"}


def test_folder__is_named_as_not_taken(examples: Path, amina: Holder) -> None:
    folder = json.loads((examples / "List-ExampleFolder.json").read_text())
    body = submission(amina)
    body["entry"].append({"resource": folder, "request": {"method": "POST", "url": "List"}})
    with pytest.raises(Fault) as refused:
        bundle.read(body)
    assert any("Folders" in issue.text for issue in refused.value.issues)


def test_definitions__are_those_of_hl7(shared: Path) -> None:
    """The packed definitions say of every element what the schema says of it."""
    text = json.loads((shared / "data/fhir-r4-definitions/fhir.schema.json").read_text())["definitions"]
    for kind, ours in elements._definitions().items():
        assert set(ours["elements"]) == set(text[kind]["properties"]), kind
        for name, element in ours["elements"].items():
            assert element.endswith("*") == (text[kind]["properties"][name].get("type") == "array"), (kind, name)


def test_capability__names_the_profile_it_follows(shared: Path) -> None:
    path = "data/fhir-fr/definitions-pdsm/CapabilityStatement-PDSm-GestionnaireDePartageDeDocuments.json"
    asked = json.loads((shared / path).read_text())
    assert asked["url"] == capability.PDSM_SERVER
    ours = {one["type"]: one for one in call("GET", "/metadata").json["rest"][0]["resource"]}
    for resource in asked["rest"][0]["resource"]:
        told = {interaction["code"] for interaction in ours[resource["type"]]["interaction"]}
        assert {interaction["code"] for interaction in resource["interaction"]} <= told


def test_traits__from_a_french_core_patient() -> None:
    patient = {
        "resourceType": "Patient",
        "name": [
            {"use": "usual", "family": "Durand"},
            {"use": "official", "family": "Benali", "given": ["Amina"], "extension": [{
                "url": "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient-birth-list-given-name",
                "valueString": "AMINA LEILA"}]},
        ],
        "gender": "female",
        "birthDate": "1987-05-02",
        "extension": [{
            "url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
            "valueAddress": {"extension": [{
                "url": "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code",
                "valueCoding": {"code": "69123"}}]}}],
    }  # fmt: skip
    found = parties.traits(patient)
    assert found is not None
    assert (found.birth_name, found.first_names, found.sex, found.birth_place) == (
        "Benali",
        ("AMINA", "LEILA"),
        "F",
        "69123",
    )
    assert parties.traits({**patient, "birthDate": "1987"}) is None
