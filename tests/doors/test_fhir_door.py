"""What holds for every request: who is asked, in which words, how errors look."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import RequestFactory, override_settings

from healthspace.fhir import service, urls, wsgi
from tests import people
from tests.doors.fhir_client import call, document

ADDRESSES = (
    ("GET", "/Patient"), ("POST", "/Patient"), ("POST", "/Patient/_search"), ("GET", "/Patient/x"),
    ("GET", "/DocumentReference"),
    ("POST", "/DocumentReference"), ("POST", "/DocumentReference/_search"), ("GET", "/DocumentReference/x"),
    ("PUT", "/DocumentReference/x"), ("PATCH", "/DocumentReference/x"), ("GET", "/DocumentReference/x/_history"),
    ("GET", "/DocumentReference/x/_history/1"), ("GET", "/Binary/x"), ("GET", "/List"), ("POST", "/List/_search"),
    ("GET", "/List/x"), ("POST", "/"), ("POST", ""),
)  # fmt: skip


def test_addresses__each_is_here_and_wants_a_token() -> None:
    told = {(method, pattern.pattern) for pattern, handlers in service.ROUTES for method in handlers}
    met = {
        (method, pattern.pattern)
        for method, address in ADDRESSES
        for pattern, handlers in service.ROUTES
        if pattern.fullmatch(address.lstrip("/")) and method in handlers
    }
    assert met == told
    for method, address in ADDRESSES:
        reply = call(method, address, body={})
        assert reply.status == 401, (method, address)
        assert reply.issue["code"] == "login"


def test_addresses__elsewhere_is_404() -> None:
    token = people.rivemont().token
    for address in (
        "/Observation",
        "/metadata.css",
        "/DocumentReference/a/b",
        "/Patient/$everything",
        "/x/../metadata",
    ):
        reply = call("GET", address, token=token)
        assert (reply.status, reply.issue["code"]) == (404, "not-found")


def test_metadata__open_to_all_and_kept() -> None:
    reply = call("GET", "/metadata")
    assert reply.status == 200
    assert reply.json["fhirVersion"] == "4.0.1"
    assert reply.json["implementation"]["url"] == "http://localhost/fhir"
    assert call("GET", "/metadata", headers={"If-None-Match": reply.headers["ETag"]}).status == 304
    assert call("POST", "/metadata").status == 405


def test_metadata__says_what_is_answered() -> None:
    told = {resource["type"]: resource for resource in call("GET", "/metadata").json["rest"][0]["resource"]}
    assert set(told) == {"Patient", "DocumentReference", "Binary", "List"}
    names = {parameter["name"] for parameter in told["DocumentReference"]["searchParam"]}
    token = people.rivemont().token
    for name in names - {"patient", "patient.identifier"}:
        query = [("patient", "00000000-0000-4000-8000-000000000000"), (name, "2026")]
        reply = call("GET", "/DocumentReference", token=token, query=query, headers={"Prefer": "handling=strict"})
        assert b"is not known here" not in reply.body, name


def test_errors__methods_types_and_sizes() -> None:
    token = people.rivemont().token
    reply = call("DELETE", "/DocumentReference/x", token=token)
    assert (reply.status, reply.headers["Allow"]) == (405, "GET, PATCH, PUT")
    assert call("GET", "/DocumentReference/x", token=token, headers={"Accept": "application/fhir+xml"}).status == 406
    assert call("GET", "/Patient", token=token, query=[("_format", "xml")]).status == 406
    for name in ("application/xml", "text/plain", "application/fhir+json; charset=latin-1", ""):
        reply = call("POST", "/DocumentReference", token=token, body={}, headers={"Content-Type": name})
        assert reply.status == 415
    assert call("POST", "/DocumentReference", token=token, body={}, headers={"Content-Encoding": "gzip"}).status == 415
    assert call("POST", "/DocumentReference", token=token, body={}, headers={"If-None-Exist": "x"}).status == 412


def test_errors__a_body_too_large_is_not_read() -> None:
    class Unread(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("the body was read")

    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/fhir/DocumentReference", "HTTP_HOST": "localhost",
        "CONTENT_LENGTH": str(service.body_limit() + 1), "wsgi.input": Unread(), "wsgi.url_scheme": "http",
    }  # fmt: skip
    told: list[str] = []
    body = b"".join(wsgi.application(environ, lambda status, _: told.append(status)))
    assert told == ["413 Request Entity Too Large"]
    assert json.loads(body)["resourceType"] == "OperationOutcome"


@override_settings(MAX_DOCUMENT_BYTES=600)
def test_errors__a_document_too_large_is_413() -> None:
    amina, rivemont = people.amina(), people.rivemont()
    body = document(amina, b"%PDF-1.4\n" + b" " * 600)
    assert call("POST", "/DocumentReference", token=rivemont.token, body=body).status == 413


@override_settings(ALLOWED_HOSTS=["health.example"])
def test_errors__a_foreign_host_is_400() -> None:
    wsgi._is_ours.cache_clear()
    try:
        assert call("GET", "/metadata").status == 400
    finally:
        wsgi._is_ours.cache_clear()


def test_errors__a_database_that_is_down_is_503_and_comes_back() -> None:
    amina, rivemont = people.amina(), people.rivemont()
    connection.close()
    port = settings.DATABASES["default"]["HOST"]
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        reply = call("POST", "/DocumentReference", token=rivemont.token, body=document(amina))
        assert (reply.status, reply.headers["Retry-After"], reply.issue["code"]) == (503, "2", "transient")
    finally:
        connection.settings_dict["HOST"] = port
    assert call("POST", "/DocumentReference", token=rivemont.token, body=document(amina)).status == 201


@pytest.mark.parametrize("address", ["/metadata", "/Patient", "/DocumentReference/x", "/nothing"])
def test_answers__private_unless_open(address: str) -> None:
    reply = call("GET", address)
    assert reply.headers["Cache-Control"] == ("public, max-age=3600" if address == "/metadata" else "no-store")
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Type"] == "application/fhir+json; charset=utf-8"


def test_unforeseen__tells_nothing(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr(service, "_dispatch", fail)
    reply = call("GET", "/Patient")
    assert (reply.status, reply.issue["code"]) == (500, "exception")
    assert b"secret" not in reply.body
    assert "secret" not in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_urls__the_same_door_through_django() -> None:
    request = RequestFactory().get("/fhir/metadata", headers={"Host": "localhost"})
    assert urls.door(request).content == call("GET", "/metadata").body


@pytest.mark.parametrize("day, said", [("2022-07-01", "Since 2022-07-01"), ("", "Nobody"), ("2999-01-01", "Nobody")])
def test_patient__nobody_creates_a_record_any_more(day: str, said: str) -> None:
    token, body = people.rivemont().token, {"resourceType": "Patient", "name": [{"family": "BENALI"}]}
    with override_settings(TAKEOVER_ON=day):
        reply = call("POST", "/Patient", body=body, token=token)
    assert (reply.status, reply.issue["code"]) == (422, "business-rule")
    assert reply.issue["details"]["coding"][0]["code"] == "ENR-10"
    assert reply.issue["details"]["text"].startswith(said)
