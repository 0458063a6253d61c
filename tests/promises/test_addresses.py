"""Every address says who it is for and holds it; a stranger learns nothing from any (T29, G27)."""

from __future__ import annotations

import json
import re
from uuid import UUID, uuid4

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from healthspace.documents import actions as documents
from healthspace.documents import reads
from healthspace.fhir import logical_ids
from healthspace.people import actions as people_actions
from tests import people
from tests.doors import fhir_client
from tests.factories.orders import order
from tests.page_client import begin_session
from tests.promises import doors
from tests.promises.doors import Address

LISTED = doors.listed()
WEB = list(doors.web())
FHIR = list(doors.fhir())
DESKS = ("operator", "support", "assistant")
INSIDE = ("holder", "professional", "inside")
UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
# what is of one answer only: form tokens, the number of an incident
OF_ONE_ANSWER = re.compile(r'value="[A-Za-z0-9]{64}"|nonce="[^"]+"|\b[0-9A-F]{10}\b')


def at(who: str, among: list[Address]) -> list[Address]:
    return [address for address in among if LISTED.get(str(address)) == who]


def signed_in(person: people.Holder | people.Doctor) -> Client:
    client = Client()
    begin_session(client, person)
    return client


@pytest.fixture(scope="module")
def paul() -> Client:
    return signed_in(people.paul())


@pytest.fixture(scope="module")
def stranger() -> Client:
    """A doctor whom Amina does not know."""
    return signed_in(people.dr_nguyen())


@pytest.fixture(scope="module")
def amina() -> people.Holder:
    return people.amina()


@pytest.fixture(scope="module")
def filed(amina: people.Holder) -> UUID:
    """A document of Amina's, read once by her."""
    people.grant(amina, people.dr_nguyen())
    receipt = documents.deposit(actor=people.rivemont().actor, order=order(amina))
    assert receipt.document_id
    reads.open_document(actor=amina.actor, person_id=amina.person_id, document_id=receipt.document_id)
    return receipt.document_id


def test_addresses__are_all_listed_and_all_there() -> None:
    there = {str(address) for address in WEB + FHIR}
    assert there == set(LISTED), f"new: {there - set(LISTED)}; gone: {set(LISTED) - there}"
    assert set(LISTED.values()) <= {"public", *INSIDE, *DESKS, "token"}


def _both(client: Client, path: str) -> list[HttpResponseBase]:
    return [client.get(path), client.post(path)]


@pytest.mark.parametrize("address", [a for who in (*INSIDE, *DESKS) for a in at(who, WEB)], ids=str)
def test_page__anonymous_is_sent_to_the_sign_in(address: Address) -> None:
    answers = _both(Client(), address.filled())
    assert {answer.status_code for answer in answers} <= {302, 405}
    assert 302 in {answer.status_code for answer in answers}
    for answer in answers:
        if answer.status_code == 302:
            assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("address", at("public", WEB), ids=str)
def test_page__public_one_needs_nobody(address: Address) -> None:
    for answer in _both(Client(), address.filled()):
        assert answer.status_code in {200, 302, 404, 405}
        assert not answer.get("Location", "").startswith("/sign-in/?next")


@pytest.mark.parametrize("address", at("operator", WEB) + at("support", WEB) + at("assistant", WEB), ids=str)
def test_page_of_desks__holder_and_professional_find_nothing(address: Address, paul: Client, stranger: Client) -> None:
    for client in (paul, stranger):
        assert {answer.status_code for answer in _both(client, address.filled())} <= {404, 405}


@pytest.mark.parametrize("address", at("professional", WEB), ids=str)
def test_page_of_professionals__holder_finds_nothing(address: Address, paul: Client) -> None:
    assert {answer.status_code for answer in _both(paul, address.filled())} <= {404, 405}


@pytest.mark.parametrize("address", at("holder", WEB), ids=str)
def test_page_of_holders__professional_finds_nothing(address: Address, stranger: Client) -> None:
    assert {answer.status_code for answer in _both(stranger, address.filled())} <= {404, 405}


def plain(answer: HttpResponseBase) -> tuple[int, str, str]:
    """An answer without what differs between any two answers."""
    body = b"".join(answer) if answer.streaming else getattr(answer, "content", b"")
    text = OF_ONE_ANSWER.sub("", UUID_TEXT.sub("ID", body.decode(errors="replace")))
    return answer.status_code, UUID_TEXT.sub("ID", answer.get("Location", "")), text


@pytest.mark.parametrize("address", [a for a in at("holder", WEB) if "<uuid:document_id>" in a.pattern], ids=str)
def test_document_page__strange_holder_cannot_tell_it_exists(address: Address, paul: Client, filed: UUID) -> None:
    known = [plain(answer) for answer in _both(paul, address.filled(document_id=filed))]
    unknown = [plain(answer) for answer in _both(paul, address.filled())]
    assert known == unknown
    assert 200 not in {status for status, _, _ in known}


@pytest.mark.parametrize("address", [a for a in at("holder", WEB) if "<uuid:person_id>" in a.pattern], ids=str)
def test_page_of_a_child__stranger_cannot_tell_it_exists(address: Address, paul: Client) -> None:
    leo, jeanne = people.leo(), people.jeanne()
    jeanne.representing(leo)
    known = [plain(answer) for answer in _both(paul, address.filled(person_id=leo.person_id))]
    unknown = [plain(answer) for answer in _both(paul, address.filled())]
    assert known == unknown
    assert {status for status, _, _ in known} <= {404, 405}


@pytest.mark.parametrize("address", [a for a in at("professional", WEB) if "document_id" in a.pattern], ids=str)
def test_document_page__strange_professional_cannot_tell_it_exists(
    address: Address, stranger: Client, amina: people.Holder, filed: UUID
) -> None:
    there = address.filled(person_id=amina.person_id, document_id=filed)
    known = [plain(answer) for answer in _both(stranger, there)]
    unknown = [plain(answer) for answer in _both(stranger, address.filled(person_id=amina.person_id))]
    assert known == unknown
    assert 200 not in {status for status, _, _ in known}


@pytest.mark.parametrize("path", ["/documents/", "/documents/search/", "/", "/documents/search/?q=sortie"])
def test_record_page__strange_professional_is_refused(path: str, stranger: Client, amina: people.Holder) -> None:
    answer = stranger.get(f"/pro/patients/{amina.person_id}{path.replace('//', '/')}", follow=True)
    assert b"Lettre de sortie" not in answer.content
    assert amina.identity.traits.birth_name.encode() not in answer.content or answer.status_code != 200


@pytest.mark.parametrize("address", at("token", FHIR), ids=str)
def test_fhir__without_a_token_is_refused(address: Address) -> None:
    for token in ("", "nonsense"):
        reply = fhir_client.call(address.method, address.filled(), token=token, body={})
        assert reply.status == 401
        assert reply.issue["code"] == "login"


def _strange_token() -> str:
    place = people.rivemont()
    doctor = people.dr_nguyen(place)
    return people_actions.issue_token(software_id=place.software_id, professional_id=doctor.id)


LOGICAL_ID = re.compile(r"[a-z2-7]{52}")


@pytest.mark.parametrize("address", [a for a in at("token", FHIR) if doors.ID in a.pattern], ids=str)
def test_fhir__strange_doctor_cannot_tell_a_document_from_none(
    address: Address, amina: people.Holder, filed: UUID
) -> None:
    token = _strange_token()
    answers = []
    for item in (filed, uuid4()):
        logical_id = logical_ids.encode(amina.person_id, item)
        if address.pattern.startswith("Patient"):
            logical_id = str(amina.person_id if item == filed else item)
        path = "/" + address.pattern.replace(doors.ID, logical_id, 1).replace(doors.ID, "1")
        body = {"resourceType": "DocumentReference", "id": logical_id, "status": "current"}
        reply = fhir_client.call(address.method, path, token=token, body=body)
        text = LOGICAL_ID.sub("ID", UUID_TEXT.sub("ID", reply.body.decode()))
        answers.append((reply.status, sorted(set(reply.headers) - {"Content-Length"}), text))
    assert answers[0] == answers[1]
    assert answers[0][0] >= 400


def test_fhir__strange_doctor_finds_nothing_by_search(amina: people.Holder, filed: UUID) -> None:
    token = _strange_token()
    ins = f"{amina.ins.oid}|{amina.ins.matricule}"
    for query in (
        [("patient.identifier", f"urn:oid:{ins}")],
        [("patient", f"Patient/{amina.person_id}")],
        [("patient", f"Patient/{amina.person_id}"), ("_total", "accurate")],
        [("_id", str(filed))],
        [("subject.identifier", f"urn:oid:{ins}")],
    ):
        reply = fhir_client.call("GET", "/DocumentReference", token=token, query=query)
        assert logical_ids.encode(amina.person_id, filed) not in reply.body.decode()
        assert json.loads(reply.body).get("total", 0) == 0
