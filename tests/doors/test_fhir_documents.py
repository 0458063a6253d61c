"""Filing, reading and changing documents by machines; each act has its stranger."""

from __future__ import annotations

import base64
import json

import pytest

from healthspace.documents import actions as documents
from healthspace.documents import reads
from healthspace.fhir import logical_ids
from tests import people
from tests.doors.fhir_client import PDF, call, document, file, pdf, submission, token_of
from tests.people import Doctor, Holder, Hospital

VISIBILITY = "https://mos.esante.gouv.fr/NOS/TRE_A07-StatusVisibiliteDocument/FHIR/TRE-A07-StatusVisibiliteDocument"


@pytest.fixture
def amina() -> Holder:
    return people.amina()


@pytest.fixture
def rivemont() -> Hospital:
    return people.rivemont()


@pytest.fixture
def nguyen(amina: Holder) -> Doctor:
    doctor = people.dr_nguyen()
    people.grant(amina, doctor)
    return doctor


def patch(token: str, logical_id: str, *operations: dict[str, object], **headers: str):
    headers = {"Content-Type": "application/json-patch+json", **{k.replace("_", "-"): v for k, v in headers.items()}}
    body = json.dumps(operations).encode()
    return call("PATCH", f"/DocumentReference/{logical_id}", token=token, body=body, headers=headers)


def label(code: str) -> dict[str, object]:
    return {"coding": [{"system": VISIBILITY, "code": code}]}


def journal(holder: Holder) -> list[tuple[str, str, str]]:
    found = reads.journal(actor=holder.actor, person_id=holder.person_id, is_act=False)
    return [(entry.kind, entry.outcome, entry.rule) for entry in found]


def test_file__hospital_then_reads_its_own(amina: Holder, rivemont: Hospital) -> None:
    reply = call("POST", "/DocumentReference", token=rivemont.token, body=document(amina))
    assert reply.status == 201
    assert reply.headers["ETag"] == 'W/"1"'
    address = reply.headers["Location"].removeprefix("http://localhost/fhir")
    assert address.endswith("/_history/1")
    read = call("GET", address.removesuffix("/_history/1"), token=rivemont.token)
    assert read.status == 200
    found = read.json
    assert found["subject"] == {"reference": f"Patient/{amina.person_id}"}
    assert found["content"][0]["attachment"]["title"] == "Analyses de sang"
    assert found["category"][0]["coding"][0]["code"] == "10"
    assert found["contained"][0]["name"] == "Hôpital de Rivemont"
    assert read.headers["Cache-Control"] == "no-store"
    assert read.headers["Content-Type"] == "application/fhir+json; charset=utf-8"


def test_file__no_token_is_401(amina: Holder) -> None:
    reply = call("POST", "/DocumentReference", body=document(amina))
    assert reply.status == 401
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert call("POST", "/DocumentReference", token="wrong", body=document(amina)).status == 401


def test_file__wrong_class_is_corrected_and_told(amina: Holder, rivemont: Hospital) -> None:
    body = document(amina)
    body["category"][0]["coding"][0]["code"] = "31"
    first = call("POST", "/DocumentReference", token=rivemont.token, body=body)
    assert [issue["severity"] for issue in first.json["issue"]] == ["information", "warning"]
    assert first.json["issue"][1]["details"]["coding"][0]["code"] == "X16"
    again = call("POST", "/DocumentReference", token=rivemont.token, body=body)
    assert (again.status, again.body, again.headers) == (first.status, first.body, first.headers)


def test_file__same_key_and_body_is_one_document(amina: Holder, rivemont: Hospital, nguyen: Doctor) -> None:
    body = document(amina, masterIdentifier=None)
    replies = [
        call("POST", "/DocumentReference", token=rivemont.token, body=body, headers={"Idempotency-Key": "k-1"})
        for _ in range(3)
    ]
    assert len({(reply.status, reply.body, reply.headers["Location"]) for reply in replies}) == 1
    page = call("GET", "/DocumentReference", token=token_of(nguyen), query=[("patient", str(amina.person_id))])
    assert len(page.json["entry"]) == 1


def test_file__same_identifier_other_bytes_is_409(amina: Holder, rivemont: Hospital) -> None:
    body = document(amina)
    assert call("POST", "/DocumentReference", token=rivemont.token, body=body).status == 201
    other = document(amina, pdf(1), masterIdentifier=body["masterIdentifier"])
    assert call("POST", "/DocumentReference", token=rivemont.token, body=other).status == 409


def test_file__other_birth_date_is_quarantined_and_tells_nothing(amina: Holder, rivemont: Hospital) -> None:
    body = document(amina)
    body["contained"][0]["birthDate"] = "1950-01-01"
    reply = call("POST", "/DocumentReference", token=rivemont.token, body=body)
    assert reply.status == 422
    assert reply.rule == "ID-1"
    stranger = people.new_ins(people.around(1990), "F", "69123")
    body["contained"][0]["identifier"][0]["value"] = stranger.matricule
    body["masterIdentifier"]["value"] += ".1"
    unknown = call("POST", "/DocumentReference", token=rivemont.token, body=body)
    assert unknown.status == 422
    numberless = [
        [{**issue, "details": {**issue["details"], "text": ""}} for issue in found.json["issue"]]
        for found in (reply, unknown)
    ]
    assert numberless[0] == numberless[1]


@pytest.mark.parametrize(
    ("change", "expression"),
    [
        ({"author": None}, "DocumentReference.author"),
        ({"status": "superseded"}, "DocumentReference.status"),
        ({"subject": {"reference": "Patient/1"}}, "DocumentReference.subject"),
        ({"colour": "red"}, "DocumentReference.colour"),
        ({"modifierExtension": [{"url": "urn:x", "valueBoolean": True}]}, "DocumentReference.modifierExtension"),
        ({"extension": [{"url": "urn:x", "valueBoolean": True}]}, "DocumentReference.extension[0]"),
        ({"type": {"coding": [{"system": "http://loinc.org", "code": "0-0"}]}}, "DocumentReference.type"),
        ({"securityLabel": [{"coding": [{"system": VISIBILITY, "code": "SECRET"}]}]},
         "DocumentReference.securityLabel[0]"),
        ({"date": "2026-13-01T00:00:00Z"}, "DocumentReference.date"),
    ],
)  # fmt: skip
def test_file__wrong_element_is_422_and_named(
    amina: Holder, rivemont: Hospital, change: dict[str, object], expression: str
) -> None:
    reply = call("POST", "/DocumentReference", token=rivemont.token, body=document(amina, **change))
    assert reply.status == 422, reply.body
    assert reply.issue["expression"] == [expression]


def test_file__masked_and_hidden_from_patient_is_refused(amina: Holder, rivemont: Hospital) -> None:
    labels = [label("MASQUE_PS"), label("INVISIBLE_PATIENT")]
    reply = call("POST", "/DocumentReference", token=rivemont.token, body=document(amina, securityLabel=labels))
    assert (reply.status, reply.rule) == (422, "ACC-18")


def test_file__damaged_on_the_way_is_refused(amina: Holder, rivemont: Hospital) -> None:
    for name, value in (("size", 3), ("hash", "2jmj7l5rSw0yVb/vlWAYkK/YBwk="), ("data", "QUJD*")):
        body = document(amina)
        body["content"][0]["attachment"][name] = value
        assert call("POST", "/DocumentReference", token=rivemont.token, body=body).status == 422


def test_read__refused_and_absent_are_the_same_bytes(amina: Holder, rivemont: Hospital) -> None:
    logical_id = file(amina, rivemont)
    stranger = token_of(people.dr_nguyen())
    person_id, document_id = logical_ids.decode(logical_id)
    absent = logical_ids.encode(person_id, person_id)
    nowhere = logical_ids.encode(document_id, document_id)
    for kind in ("DocumentReference", "Binary", "List"):
        replies = [
            call("GET", f"/{kind}/{one}", token=stranger) for one in (logical_id, absent, nowhere, "x", "a" * 52)
        ]
        assert {reply.status for reply in replies} == {404}
        assert len({(reply.body, tuple(reply.headers.items())) for reply in replies}) == 1
    for path in (f"/DocumentReference/{logical_id}/_history", f"/DocumentReference/{logical_id}/_history/1"):
        assert call("GET", path, token=stranger).status == 404
    assert ("document_opened", "refused", "ACC-1") in journal(amina)


def test_read__doctor_in_charge_is_journalled(amina: Holder, rivemont: Hospital, nguyen: Doctor) -> None:
    logical_id = file(amina, rivemont)
    token = token_of(nguyen)
    read = call("GET", f"/DocumentReference/{logical_id}", token=token)
    assert read.status == 200
    same = call("GET", f"/DocumentReference/{logical_id}", token=token, headers={"If-None-Match": read.headers["ETag"]})
    assert (same.status, same.body) == (304, b"")
    assert journal(amina)[0] == ("document_opened", "done", "ACC-2")


def test_binary__bytes_as_filed_or_as_json(amina: Holder, rivemont: Hospital, nguyen: Doctor) -> None:
    logical_id = file(amina, rivemont)
    token = token_of(nguyen)
    plain = call("GET", f"/Binary/{logical_id}", token=token, headers={"Accept": "application/pdf"})
    assert (plain.status, plain.body, plain.headers["Content-Type"]) == (200, PDF, "application/pdf")
    assert plain.headers["Content-Disposition"] == "attachment"
    wrapped = call("GET", f"/Binary/{logical_id}", token=token, headers={"Accept": "application/fhir+json"})
    assert base64.b64decode(wrapped.json["data"]) == PDF
    assert journal(amina)[0] == ("document_downloaded", "done", "ACC-2")


def test_replace__author_only(amina: Holder, rivemont: Hospital, nguyen: Doctor) -> None:
    first = document(amina)
    old = call("POST", "/DocumentReference", token=rivemont.token, body=first).headers["Location"].split("/")[-3]
    target = {"reference": f"DocumentReference/{old}"}
    relation = [{"code": "replaces", "target": target}]
    stranger = people.rivemont()
    refused = call("POST", "/DocumentReference", token=stranger.token, body=document(amina, relatesTo=relation))
    assert refused.status == 404
    new = file(amina, rivemont, relatesTo=relation)
    assert call("GET", f"/DocumentReference/{old}", token=rivemont.token).json["status"] == "superseded"
    found = call("GET", f"/DocumentReference/{new}", token=rivemont.token).json
    assert found["relatesTo"][0]["target"] == target
    history = call("GET", f"/DocumentReference/{old}/_history", token=rivemont.token).json
    assert [entry["resource"]["status"] for entry in history["entry"]] == ["superseded", "current"]
    assert call("GET", f"/DocumentReference/{old}/_history/1", token=rivemont.token).json["status"] == "current"
    assert call("GET", f"/DocumentReference/{old}/_history/9", token=rivemont.token).status == 404


def test_replace__by_the_senders_identifier(amina: Holder, rivemont: Hospital) -> None:
    first = document(amina)
    assert call("POST", "/DocumentReference", token=rivemont.token, body=first).status == 201
    relation = [{"code": "replaces", "target": {"identifier": first["masterIdentifier"]}}]
    assert file(amina, rivemont, relatesTo=relation)


def test_withdraw__author_then_gone_for_all(amina: Holder, rivemont: Hospital, nguyen: Doctor) -> None:
    logical_id = file(amina, rivemont)
    body = {**call("GET", f"/DocumentReference/{logical_id}", token=rivemont.token).json, "status": "entered-in-error"}
    path = f"/DocumentReference/{logical_id}"
    assert call("PUT", path, token=token_of(nguyen), body=body).status == 404
    stale = call("PUT", path, token=rivemont.token, body=body, headers={"If-Match": 'W/"7"'})
    assert stale.status == 412
    assert call("PUT", path, token=rivemont.token, body=body, headers={"If-Match": 'W/"1"'}).status == 200
    assert call("GET", path, token=token_of(nguyen)).status == 404


def test_put__anything_else_is_422(amina: Holder, rivemont: Hospital) -> None:
    logical_id = file(amina, rivemont)
    body = call("GET", f"/DocumentReference/{logical_id}", token=rivemont.token).json
    assert call("PUT", f"/DocumentReference/{logical_id}", token=rivemont.token, body=body).status == 422
    body["id"] = "other"
    assert call("PUT", f"/DocumentReference/{logical_id}", token=rivemont.token, body=body).status == 400


def test_mask__doctor_with_authorisation_and_back(amina: Holder, rivemont: Hospital, nguyen: Doctor) -> None:
    logical_id = file(amina, rivemont)
    stranger = token_of(people.dr_nguyen())
    wish = {"op": "replace", "path": "/securityLabel", "value": [label("MASQUE_PS")]}
    assert patch(stranger, logical_id, wish).status == 404
    done = patch(token_of(nguyen), logical_id, wish, If_Match='W/"1"')
    assert (done.status, done.headers["ETag"]) == (200, 'W/"2"')
    assert call("GET", f"/DocumentReference/{logical_id}", token=token_of(nguyen)).status == 404
    own = call("GET", f"/DocumentReference/{logical_id}", token=rivemont.token).json
    assert own["securityLabel"][0]["coding"][0]["code"] == "MASQUE_PS"
    back = {"op": "remove", "path": "/securityLabel/0"}
    assert patch(rivemont.token, logical_id, back).status == 403, "a mask is the person's to lift (ACC-17)"
    assert patch(token_of(nguyen), logical_id, back).status == 404
    kinds = [kind for kind, _, _ in journal(amina)]
    assert {"document_masked", "document_unmasked"} <= set(kinds)


def test_patch__only_labels_and_status(amina: Holder, rivemont: Hospital) -> None:
    logical_id = file(amina, rivemont)
    for operation in (
        {"op": "replace", "path": "/description", "value": "x"},
        {"op": "move", "from": "/status", "path": "/securityLabel"},
        {"op": "replace", "path": "/status", "value": "superseded"},
        {"op": "replace", "path": "/securityLabel/9", "value": label("N")},
        {"op": "replace", "path": "/securityLabel", "value": "N"},
        {"op": "add", "path": "/securityLabel/-", "value": {"coding": "N"}},
        {"op": "add", "path": "/securityLabel", "value": [label("MASQUE_PS"), label("INVISIBLE_REPRESENTANTS_LEGAUX")]},
    ):
        assert patch(rivemont.token, logical_id, operation).status == 422, operation
    assert patch(rivemont.token, logical_id, {"op": "test", "path": "/status", "value": "x"}).status == 409
    assert patch(rivemont.token, logical_id).status == 400
    assert call("PATCH", f"/DocumentReference/{logical_id}", token=rivemont.token, body=[]).status == 415


def test_patch__status_withdraws(amina: Holder, rivemont: Hospital) -> None:
    logical_id = file(amina, rivemont)
    done = patch(rivemont.token, logical_id, {"op": "replace", "path": "/status", "value": "entered-in-error"})
    assert done.status == 200


def test_reveal__author_shows_to_the_patient_once(amina: Holder, rivemont: Hospital) -> None:
    logical_id = file(amina, rivemont, securityLabel=[label("INVISIBLE_PATIENT")])
    shown = {"op": "replace", "path": "/securityLabel", "value": [label("N")]}
    hidden = {"op": "replace", "path": "/securityLabel", "value": [label("INVISIBLE_PATIENT")]}
    assert patch(rivemont.token, logical_id, shown).status == 200
    assert patch(rivemont.token, logical_id, hidden).status == 409


def test_bundle__all_documents_or_none(amina: Holder, rivemont: Hospital, nguyen: Doctor) -> None:
    bundle = submission(amina, PDF, pdf(2))
    reply = call("POST", "/", token=rivemont.token, body=bundle)
    assert reply.status == 200, reply.body
    answers = [entry["response"] for entry in reply.json["entry"]]
    assert [answer["status"] for answer in answers] == ["201 Created"] * 5
    assert [answer["location"].split("/")[0] for answer in answers] == [
        "List", "DocumentReference", "Binary", "DocumentReference", "Binary"]  # fmt: skip
    again = call("POST", "", token=rivemont.token, body=bundle)
    assert (again.status, again.body) == (200, reply.body)
    found = call("GET", f"/{answers[0]['location']}", token=token_of(nguyen))
    assert found.status == 200
    assert len(found.json["entry"]) == 2
    assert found.json["title"] == "Sortie du service"
    lists = call(
        "GET", "/List", token=token_of(nguyen), query=[("patient", str(amina.person_id)), ("code", "submissionset")]
    )
    assert [entry["resource"]["id"] for entry in lists.json["entry"]] == [answers[0]["location"].split("/")[1]]
    stranger = call("GET", "/List", token=token_of(people.dr_nguyen()), query=[("patient", str(amina.person_id))])
    assert "entry" not in stranger.json


def test_bundle__one_wrong_document_keeps_nothing(amina: Holder, rivemont: Hospital, nguyen: Doctor) -> None:
    bundle = submission(amina, PDF, b"%PDF-not at all")
    assert call("POST", "/", token=rivemont.token, body=bundle).status == 422
    page = call("GET", "/DocumentReference", token=token_of(nguyen), query=[("patient", str(amina.person_id))])
    assert "entry" not in page.json


def test_bundle__uncertain_identity_is_422(amina: Holder, rivemont: Hospital) -> None:
    bundle = submission(amina, PDF, pdf(2))
    for place in (1, 3):
        bundle["entry"][place]["resource"]["contained"][0]["birthDate"] = "1950-01-01"
    reply = call("POST", "/", token=rivemont.token, body=bundle)
    assert (reply.status, reply.rule, len(reply.json["issue"])) == (422, "ID-1", 2)


@pytest.mark.parametrize("spoil", ["type", "set", "orphan", "method", "folder", "url", "two persons"])
def test_bundle__wrong_shape_is_422(amina: Holder, rivemont: Hospital, spoil: str) -> None:
    bundle = submission(amina, PDF, pdf(2))
    entries = bundle["entry"]
    match spoil:
        case "type":
            bundle["type"] = "batch"
        case "set":
            del entries[0]
        case "orphan":
            del entries[1]
        case "method":
            entries[1]["request"]["method"] = "PUT"
        case "folder":
            entries.append({**entries[0], "fullUrl": "urn:uuid:1", "resource": {
                **entries[0]["resource"], "code": {"coding": [{"code": "folder"}]}}})  # fmt: skip
        case "url":
            entries[1]["resource"]["content"][0]["attachment"]["url"] = "https://example.org/x.pdf"
        case "two persons":
            other = people.paul()
            entries[1]["resource"]["contained"][0]["identifier"][0]["value"] = other.ins.matricule
    reply = call("POST", "/", token=rivemont.token, body=bundle)
    assert reply.status == 422, reply.body


def test_walk__file_tell_read_hide_refuse(amina: Holder, rivemont: Hospital, nguyen: Doctor) -> None:
    """The issue's whole way by machines; the notice is the worker's, run here in place."""
    from healthspace.notifications import reads as notifications
    from healthspace.outbox import dispatcher

    logical_id = file(amina, rivemont)
    dispatcher.run_for(amina.person_id)
    notices = notifications.notices(actor=amina.actor, person_id=amina.person_id)
    assert any("document" in notice.kind for notice in notices)
    token = token_of(nguyen)
    query = [("patient", str(amina.person_id))]
    assert call("GET", f"/Binary/{logical_id}", token=token).body == PDF
    assert len(call("GET", "/DocumentReference", token=token, query=query).json["entry"]) == 1
    person_id, document_id = logical_ids.decode(logical_id)
    documents.mask(actor=amina.actor, person_id=person_id, document_id=document_id)
    assert call("GET", f"/DocumentReference/{logical_id}", token=token).status == 404
    assert call("GET", f"/Binary/{logical_id}", token=token).status == 404
    page = call("GET", "/DocumentReference", token=token, query=[*query, ("_total", "accurate")]).json
    assert page["total"] == 0
    assert "entry" not in page
    refused = [line for line in journal(amina) if line[1] == "refused"]
    assert refused == [("document_opened", "refused", "ACC-17")] * 2
