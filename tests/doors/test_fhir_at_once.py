"""The same request many times at the same moment is one document and one answer (T34)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from tests import people
from tests.doors.fhir_client import Reply, call, document, submission, token_of

TIMES = 24


def at_once(address: str, token: str, body: object) -> list[Reply]:
    """The replies to this request sent by several threads together."""

    def send(_: int) -> Reply:
        try:
            return call("POST", address, token=token, body=body)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        return list(threads.map(send, range(TIMES)))


def test_file__at_once_is_one_document() -> None:
    amina, rivemont, doctor = people.amina(), people.rivemont(), people.dr_nguyen()
    people.grant(amina, doctor)
    replies = at_once("/DocumentReference", rivemont.token, document(amina))
    assert {reply.status for reply in replies} == {201}, {reply.body for reply in replies}
    assert len({(reply.body, reply.headers["Location"]) for reply in replies}) == 1
    query = [("patient", str(amina.person_id)), ("_summary", "count")]
    assert call("GET", "/DocumentReference", token=token_of(doctor), query=query).json["total"] == 1


def test_bundle__at_once_is_one_submission() -> None:
    amina, rivemont, doctor = people.amina(), people.rivemont(), people.dr_nguyen()
    people.grant(amina, doctor)
    replies = at_once("/", rivemont.token, submission(amina))
    assert {reply.status for reply in replies} == {200}, {reply.body for reply in replies}
    assert len({reply.body for reply in replies}) == 1
    query = [("patient", str(amina.person_id)), ("_summary", "count")]
    assert call("GET", "/DocumentReference", token=token_of(doctor), query=query).json["total"] == 1
