"""A closed, refused, suspended or destroyed space answers at every door as one that never was (T27, decision 20)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client

from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.documents import actions as documents
from healthspace.fhir import logical_ids
from healthspace.journeys import destroy
from healthspace.spaces import actions as spaces
from healthspace.spaces.rules import Ins
from tests import people
from tests.doors.fhir_client import call, token_of
from tests.factories.orders import order
from tests.page_client import PageClient
from tests.roles import as_the_worker

NAMELESS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[a-z2-7]{52}"
    r'|value="[A-Za-z0-9]{64}"|(?<!%)\b[0-9A-F]{10}\b|\b[12]\d{12,14}\b'
)
ENDS = ("closed", "deletion", "suspended", "died", "destroyed")


@dataclass(slots=True)
class World:
    """A doctor and a hospital who cared for somebody whose space has come to its end."""

    doctor: people.Doctor
    hospital: people.Hospital
    person_id: UUID
    ins: Ins
    document_id: UUID


def ended(how: str) -> World:
    amina, doctor, hospital = people.amina(), people.dr_nguyen(), people.rivemont()
    people.grant(amina, doctor)
    receipt = documents.deposit(actor=hospital.actor, order=order(amina))
    assert receipt.document_id is not None
    own = {"actor": amina.actor, "person_id": amina.person_id}
    if how == "suspended":
        spaces.suspend(actor=SYSTEM, person_id=amina.person_id)
    elif how == "died":
        spaces.note_death(actor=SYSTEM, person_id=amina.person_id)
    else:
        spaces.close(actor=amina.actor, person_id=amina.person_id, wants_deletion=how != "closed")
    if how == "destroyed":
        with time_machine.travel(clock.now() + timedelta(days=90), tick=False), as_the_worker():
            assert destroy.destroy(person_id=own["person_id"])  # type: ignore[arg-type]
    return World(doctor, hospital, amina.person_id, amina.ins, receipt.document_id)


@pytest.fixture(scope="module", params=ENDS)
def world(request: pytest.FixtureRequest) -> World:
    return ended(request.param)


def nobody(world: World) -> World:
    """The same visitors, before somebody who never was."""
    absent = people.new_ins(people.around(1987), "F", people.place_in("69"))
    return World(world.doctor, world.hospital, uuid4(), absent, uuid4())


def machine(token: str, about: World, method: str, path: str, query: dict[str, str]) -> tuple[int, object, str]:
    names = {
        "person": about.person_id,
        "ins": f"urn:oid:{about.ins.oid}|{about.ins.matricule}",
        "item": logical_ids.encode(about.person_id, about.document_id),
    }
    body = {"resourceType": "DocumentReference", "id": names["item"], "status": "current"} if method != "GET" else None
    asked = [(name, value.format(**names)) for name, value in query.items()]
    reply = call(method, path.format(**names), token=token, query=asked, body=body)
    return (
        reply.status,
        {n: NAMELESS.sub("ID", v) for n, v in reply.headers.items()},
        NAMELESS.sub("ID", reply.body.decode()),
    )


REQUESTS: list[tuple[str, str, dict[str, str]]] = [
    ("GET", "/Patient", {"identifier": "{ins}"}),
    ("GET", "/Patient/{person}", {}),
    ("GET", "/DocumentReference", {"patient.identifier": "{ins}"}),
    ("GET", "/DocumentReference", {"patient": "Patient/{person}"}),
    ("GET", "/DocumentReference/{item}", {}),
    ("GET", "/DocumentReference/{item}/_history", {}),
    ("GET", "/Binary/{item}", {}),
    ("PUT", "/DocumentReference/{item}", {}),
    ("GET", "/List", {"patient": "Patient/{person}", "code": "folder"}),
    ("GET", "/AllergyIntolerance", {"patient": "Patient/{person}"}),
]


@pytest.mark.parametrize(("method", "path", "query"), REQUESTS, ids=str)
def test_machines__closed_is_like_nobody(world: World, method: str, path: str, query: dict[str, str]) -> None:
    none = nobody(world)
    for token in (token_of(world.doctor), world.hospital.token):
        assert machine(token, world, method, path, query) == machine(token, none, method, path, query)


PAGES = ("", "agreement/", "deposit/", "care/", "documents/", "documents/{item}/", "documents/{item}/original/")


@pytest.mark.parametrize("page", PAGES)
def test_professionals_pages__closed_is_like_nobody(world: World, page: str) -> None:
    client = PageClient()
    client.sign_in(world.doctor)

    def seen(about: World) -> tuple[int, str]:
        answer = client.client.get(f"/pro/patients/{about.person_id}/{page.format(item=about.document_id)}")
        return answer.status_code, NAMELESS.sub("ID", answer.content.decode())

    assert seen(world) == seen(nobody(world))


def test_find_patient__closed_is_like_nobody(world: World) -> None:
    client = PageClient()
    client.sign_in(world.doctor)

    def found(about: World) -> tuple[int, str]:
        answer = _ask(client.client, about.ins.matricule)
        return answer[0], NAMELESS.sub("ID", answer[1]).replace(about.ins.matricule, "INS")

    assert found(world) == found(nobody(world))


def _ask(client: Client, matricule: str) -> tuple[int, str]:
    client.get("/help/")
    token = client.cookies["csrftoken"].value
    answer = client.post("/pro/search/", {"matricule": matricule, "csrfmiddlewaretoken": token}, follow=True)
    return answer.status_code, answer.content.decode()


def test_find_patient__an_open_one_is_found() -> None:
    """Equal silence would prove nothing."""
    amina, doctor = people.amina(), people.dr_nguyen()
    client = PageClient()
    client.sign_in(doctor)
    assert _ask(client.client, amina.ins.matricule)[0] == 200
