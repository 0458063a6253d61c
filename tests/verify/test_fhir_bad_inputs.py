"""Bad input by the thousand: never a 500, never a hang, never a trace, nothing written when refused (G1)."""

from __future__ import annotations

import copy
import json
import os
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from tests import people
from tests.doors.fhir_client import Reply, call, document, file, submission, token_of
from tests.people import Holder, Hospital
from tests.verify.fhir_odd_values import CANARY, ODD, RAW, WORDS

MUTANTS = int(os.environ.get("HEALTHSPACE_MUTANTS", "2400"))
SLOWEST_SECONDS = 2.0 if "PYTEST_XDIST_WORKER" not in os.environ else 6.0


@pytest.fixture(scope="module")
def amina() -> Holder:
    return people.amina()


@pytest.fixture(scope="module")
def rivemont() -> Hospital:
    return people.rivemont()


@pytest.fixture(scope="module")
def doctor(amina: Holder) -> str:
    found = people.dr_nguyen()
    people.grant(amina, found)
    return token_of(found)


def assert_sound(reply: Reply, took: float, told: object) -> None:
    assert reply.status < 500, (reply.status, reply.body[:300], str(told)[:600])
    assert took < SLOWEST_SECONDS, (took, str(told)[:300])
    assert b"Traceback" not in reply.body
    assert b'File "' not in reply.body
    assert CANARY.encode() not in reply.body, "what was sent is not sent back"
    if reply.status >= 400:
        assert reply.json["resourceType"] == "OperationOutcome", told


def timed(*words: Any, **more: Any) -> tuple[Reply, float]:
    began = time.monotonic()
    reply = call(*words, **more)
    return reply, time.monotonic() - began


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place inside of a JSON value."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in members:
        yield (*path, name)
        yield from places(child, (*path, name))


def parent_of(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path[:-1]:
        value = value[step]
    return value


def mutant(body: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """The body with one to three faults: a value swapped, removed, doubled, wrapped, nested or renamed."""
    changed = copy.deepcopy(body)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        path = dice.choice(list(places(changed)) or [("resourceType",)])
        parent, name = parent_of(changed, path), path[-1]
        match dice.randrange(8):
            case 0 | 1 | 2:
                parent[name] = copy.deepcopy(dice.choice(ODD))
            case 3:
                del parent[name]
            case 4:
                parent[name] = [parent[name]]
            case 5:
                parent[name] = {"colour": parent[name]}
            case 6 if isinstance(parent, dict):
                parent[dice.choice(("colour", f"_{name}", "extension", "modifierExtension", "contained"))] = parent[
                    name
                ]
            case _:
                for _ in range(dice.choice((2, 40))):
                    parent[name] = {"extension": [parent[name]]}
    return changed


def encoded(body: Any) -> bytes:
    return json.dumps(body).encode("utf-8", "surrogatepass")


def rows(connection: psycopg.Connection[Any], table: str, holder: Holder) -> int:
    found = connection.execute(f"SELECT count(*) FROM {table} WHERE person_id = %s", [holder.person_id]).fetchone()
    return int(found[0]) if found else 0


@pytest.mark.parametrize(
    ("address", "make"),
    [("/DocumentReference", document), ("/", submission)],
    ids=["document", "bundle"],
)
def test_mutants__never_an_error_of_ours(
    amina: Holder, rivemont: Hospital, owner_connection: psycopg.Connection[Any],
    address: str, make: Callable[[Holder], dict[str, Any]],
) -> None:  # fmt: skip
    dice = random.Random(f"2026 {address}")
    before = rows(owner_connection, "documents_document", amina)
    filed = set()
    statuses: dict[int, int] = {}
    for number in range(MUTANTS // 2):
        body = mutant(make(amina), dice)
        reply, took = timed("POST", address, token=rivemont.token, body=encoded(body))
        assert_sound(reply, took, (number, body))
        statuses[reply.status] = statuses.get(reply.status, 0) + 1
        if reply.status == 201:
            filed.add(reply.headers["Location"])
        elif reply.status == 200:
            locations = [entry["response"].get("location", "") for entry in reply.json["entry"]]
            filed |= {place for place in locations if place.startswith("DocumentReference")}
    assert rows(owner_connection, "documents_document", amina) - before == len(filed)
    assert statuses.get(422, 0) > MUTANTS // 4, statuses


@pytest.mark.parametrize("address", ["/DocumentReference", "/", "/DocumentReference/_search", "/Patient/_search"])
@pytest.mark.parametrize("raw", RAW, ids=[str(number) for number in range(len(RAW))])
def test_raw_bytes__are_refused(rivemont: Hospital, address: str, raw: bytes) -> None:
    kind = "application/x-www-form-urlencoded" if address.endswith("_search") else "application/fhir+json"
    reply, took = timed("POST", address, token=rivemont.token, body=raw, headers={"Content-Type": kind})
    assert_sound(reply, took, raw[:60])
    assert reply.status in {400, 422}


def test_patches__never_an_error_of_ours(amina: Holder, rivemont: Hospital) -> None:
    logical_id = file(amina, rivemont)
    good = [{"op": "replace", "path": "/securityLabel", "value": [{"coding": [{"system": "u", "code": "N"}]}]}]
    dice = random.Random(7)
    headers = {"Content-Type": "application/json-patch+json"}
    for number in range(MUTANTS // 8):
        body = encoded(mutant({"p": good}, dice).get("p"))
        reply, took = timed(
            "PATCH", f"/DocumentReference/{logical_id}", token=rivemont.token, body=body, headers=headers
        )
        assert_sound(reply, took, (number, body))
    for path in (
        "/securityLabel/-1",
        "/securityLabel/1e3",
        "/securityLabel/٣",
        "/securityLabel/0/coding/0/code/x",
        "//",
        "/",
    ):
        patch = [{"op": "add", "path": path, "value": 1}]
        reply, took = timed(
            "PATCH", f"/DocumentReference/{logical_id}", token=rivemont.token, body=patch, headers=headers
        )
        assert_sound(reply, took, path)
        assert reply.status == 422


def test_searches__never_an_error_of_ours(amina: Holder, doctor: str) -> None:
    names = (
        "patient",
        "type",
        "category",
        "date",
        "period",
        "status",
        "_count",
        "_sort",
        "_total",
        "_cursor",
        "_summary",
        "patient.identifier",
        "author.identifier",
        "security-label",
        "_format",
        "colour",
        "",
        "type:not",
        "date:missing",
    )
    words = [word for word in WORDS if word != CANARY]  # a page tells back the question it answers
    words += [
        "ge2026",
        "2026-01-01T00:00:00Z",
        "ge9999",
        "gt9999-12-31",
        "eq0001",
        ",",
        "|",
        "a|b|c",
        "-",
        "50",
        "urn:oid:1|2",
    ]
    dice = random.Random(3)
    for number in range(MUTANTS // 4):
        query = [("patient", str(amina.person_id))]
        query += [(dice.choice(names), dice.choice(words)[:3000]) for _ in range(dice.randrange(4))]
        reply, took = timed("GET", dice.choice(("/DocumentReference", "/List", "/Patient")), token=doctor, query=query)
        assert_sound(reply, took, (number, query))


def test_headers_and_addresses__never_an_error_of_ours(amina: Holder, doctor: str) -> None:
    for word in WORDS:
        latin = word.encode()[:3000].decode("latin-1")
        for name in (
            "Authorization",
            "Accept",
            "If-None-Match",
            "If-Match",
            "Prefer",
            "Idempotency-Key",
            "Content-Type",
            "Content-Length",
            "Content-Encoding",
        ):
            for method in ("GET", "POST", "PUT"):
                address = "/DocumentReference" if method == "POST" else "/DocumentReference/x"
                reply, took = timed(
                    method, address, token=doctor, body=document(amina, author=None), headers={name: latin}
                )
                assert_sound(reply, took, (name, latin))
        for address in (
            f"/{latin}",
            f"/DocumentReference/{latin}",
            f"/Patient/{latin}",
            f"/DocumentReference/{latin}/_history",
        ):
            reply, took = timed("GET", address, token=doctor)
            assert_sound(reply, took, address)


def test_base64__cut_or_odd_is_422(amina: Holder, rivemont: Hospital) -> None:
    good = document(amina)
    data = good["content"][0]["attachment"]["data"]
    for cut in (
        data[:-1],
        data[:-2],
        data[:-3],
        data + "=",
        "=" + data,
        data[:50] + "\u00e9" + data[51:],
        data.replace("A", "-"),
    ):
        body = copy.deepcopy(good)
        body["content"][0]["attachment"]["data"] = cut
        reply, took = timed("POST", "/DocumentReference", token=rivemont.token, body=body)
        assert_sound(reply, took, cut[:40])
        assert reply.status == 422
