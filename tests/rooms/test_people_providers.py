"""Calls to identity providers: bounded, to one host, and away is away; who a professional is; links."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from joserfc.jwk import ECKey

from healthspace.common import clock
from healthspace.common.errors import Conflict
from healthspace.people import actions
from healthspace.people.actions import providers
from healthspace.people.adapters import one_host
from healthspace.people.adapters.oidc import Client
from healthspace.people.rules.providers import (
    Provider,
    ProviderAway,
    ProviderRefused,
    practitioner,
    provider_fault,
)
from tests import people
from tests.providers import fake as fakes
from tests.providers.fake import Fake

BACK = "http://localhost:8400/sign-in/with/citizen/back/"
SERVER_SECONDS = 60  # how long the worst of these servers holds out
BUSY_SECONDS = 20  # far more than giving up takes on a busy machine, far less than the server holds out


@pytest.fixture
def fake() -> Iterator[Fake]:
    with fakes.running() as running:
        yield running


def begin(client: Client) -> str:
    return client.address(state="s" * 32, nonce="n" * 32, verifier="v" * 43, back=BACK)


def redirecting(handler: BaseHTTPRequestHandler) -> bool:
    handler.send_response(302)
    handler.send_header("Location", "http://127.0.0.1:9/elsewhere")
    handler.end_headers()
    return True


def endless(handler: BaseHTTPRequestHandler) -> bool:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(64):
            handler.wfile.write(b" " * 65536)
    except OSError:
        pass
    return True


def dripping(handler: BaseHTTPRequestHandler) -> bool:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(20 * SERVER_SECONDS):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass
    return True


def garbage(handler: BaseHTTPRequestHandler) -> bool:
    handler.wfile.write(b"\x00\xff no http at all \r\n\r\n")
    return True


def deep(handler: BaseHTTPRequestHandler) -> bool:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b"[" * 100_000)
    return True


def broken(handler: BaseHTTPRequestHandler) -> bool:
    handler.send_response(500)
    handler.end_headers()
    return True


@pytest.mark.parametrize("lie", [redirecting, endless, dripping, garbage, deep, broken])
def test_address__whatever_the_server_does_it_is_away(fake: Fake, lie: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_host, "ANSWER_SECONDS", 1.0)
    fake.raw = lie
    begun = time.monotonic()
    with pytest.raises(ProviderAway):
        begin(Client(fakes.provider_of(fake)))
    assert time.monotonic() - begun < BUSY_SECONDS


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:9", "https://127.0.0.1:9"])
def test_address__nobody_there_is_away(fake: Fake, issuer: str) -> None:
    with pytest.raises(ProviderAway):
        begin(Client(replace(fakes.provider_of(fake), issuer=issuer)))


def test_address__silence_ends_after_seconds(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_host, "READ_SECONDS", 0.3)
    fake.delay = SERVER_SECONDS
    begun = time.monotonic()
    with pytest.raises(ProviderAway):
        begin(Client(fakes.provider_of(fake)))
    assert time.monotonic() - begun < BUSY_SECONDS


def test_address__away_is_not_asked_again_for_ten_seconds_then_is(fake: Fake) -> None:
    client, real = Client(fakes.provider_of(fake)), fake.raw
    with time_machine.travel(clock.now(), tick=False) as travel:
        fake.raw = broken
        with pytest.raises(ProviderAway):
            begin(client)
        fake.raw = real
        travel.shift(9)
        with pytest.raises(ProviderAway):
            begin(client)
        assert fake.calls == []
        travel.shift(2)
        assert begin(client).startswith(fake.issuer)


def test_address__what_the_provider_tells_is_asked_once_an_hour(fake: Fake) -> None:
    client = Client(fakes.provider_of(fake))
    with time_machine.travel(clock.now(), tick=False) as travel:
        for _ in range(3):
            begin(client)
        assert fake.calls == ["/.well-known/openid-configuration", "/keys"]
        travel.shift(3601)
        begin(client)
    assert len(fake.calls) == 4


@pytest.mark.parametrize("address", ["http://[", "//x", "", None, ["x"], "https://127.0.0.1:1/x"])
def test_address__a_bent_address_is_away(fake: Fake, address: Any) -> None:
    fake.metadata = lambda found: found.update(authorization_endpoint=address)
    with pytest.raises(ProviderAway):
        begin(Client(fakes.provider_of(fake)))


@pytest.mark.parametrize("name", ["token_endpoint", "userinfo_endpoint", "jwks_uri", "issuer"])
@pytest.mark.parametrize("value", ["http://192.0.2.1/x", "http://127.0.0.1:1@192.0.2.1/x", "file:///etc/passwd", 7])
def test_finish__another_host_is_never_asked(fake: Fake, name: str, value: Any) -> None:
    fake.metadata = lambda found: found.update({name: value})
    client = Client(fakes.provider_of(fake))
    with pytest.raises(ProviderAway):
        begin(client)
        client.finish(code="code-1", nonce="n" * 32, verifier="v" * 43, back=BACK)
    assert "/token" not in fake.calls


def test_finish__new_keys_are_found_at_most_once_a_minute(fake: Fake) -> None:
    client, new = Client(fakes.provider_of(fake, is_userinfo_signed=False)), fakes.STRANGER.as_dict(private=False)
    with time_machine.travel(clock.now(), tick=False) as travel:
        begin(client)
        fake.keys = [new | {"kid": "rsa-2"}]
        fake.header = lambda top: top.update(kid="rsa-2")
        for seconds, calls in ((0, 1), (30, 1), (31, 2), (5, 2)):
            travel.shift(seconds)
            with pytest.raises(ProviderRefused):
                client._verified(_some_token("rsa-3"), types={"JWT"})
            assert fake.calls.count("/keys") == calls


def _some_token(kid: str) -> str:
    from joserfc import jwt

    return jwt.encode({"alg": "RS256", "kid": kid, "typ": "JWT"}, {"sub": "x"}, fakes.RSA)


def test_finish__private_key_jwt_names_the_client_and_no_secret(fake: Fake) -> None:
    key = ECKey.generate_key("P-256", {"kid": "ours"})
    one = replace(fakes.provider_of(fake), client_secret="", client_key=key.as_pem(private=True).decode())
    assert provider_fault(one) == ""
    client, sent = Client(one), {}

    def tapped(handler: BaseHTTPRequestHandler) -> bool:
        if handler.path != "/token":
            return False
        sent.update(parse_qsl(handler.rfile.read(int(handler.headers["Content-Length"])).decode()))
        return broken(handler)

    begin(client)
    fake.raw = tapped
    with pytest.raises(ProviderAway):
        client.finish(code="code-1", nonce="n" * 32, verifier="v" * 43, back=BACK)
    assert sent["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    assert "client_secret" not in sent


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "http://provider.example"},
        {"issuer": "https://provider.example/?x=1"},
        {"issuer": "https://somebody@provider.example"},
        {"issuer": "provider.example"},
        {"algorithms": ("HS256",)},
        {"algorithms": ("none",)},
        {"algorithms": ()},
        {"acrs": ()},
        {"client_id": ""},
        {"client_secret": ""},
    ],
)
def test_provider_fault__settings_that_would_open_a_hole(changed: dict[str, Any]) -> None:
    good = Provider("citizen", "", "https://provider.example", "id", "secret", acrs=("eidas2",))
    assert provider_fault(good) == ""
    assert provider_fault(replace(good, **changed))


@pytest.mark.parametrize(
    ("claims", "rpps"),
    [
        ({"SubjectNameID": "899700000006"}, ""),
        ({"SubjectNameID": ["x"]}, ""),
        ({}, ""),
        ({"SubjectNameID": "", "SubjectRefPro": {"exercices": [{"activities": [7]}, None]}}, ""),
    ],
)
def test_practitioner__odd_claims_name_nobody(claims: dict[str, Any], rpps: str) -> None:
    found = practitioner(claims)
    assert (found.rpps if found else "") == rpps


def test_practitioner__rpps_and_places() -> None:
    rpps = people.new_rpps()
    activities = [{"companyFINESSSiteNumber": "750000001"}, {"companySiteIdentifier": "F750000002"}, {}]
    found = practitioner({"SubjectNameID": f"8{rpps}", "SubjectRefPro": {"exercices": [{"activities": activities}]}})
    assert found is not None
    assert (found.rpps, found.finess) == (rpps, frozenset({"750000001", "750000002"}))


def proven(key: bytes | None = None) -> providers.Proven:
    return providers.Proven("citizen", key or uuid4().bytes * 2, b"s" * 32, {}, None)


def test_link__one_person_of_the_provider_opens_one_account() -> None:
    amina, paul, one = people.amina(), people.paul(), proven()
    providers.link(account_id=amina.account_id, proven=one)
    providers.link(account_id=amina.account_id, proven=one)
    with pytest.raises(Conflict):
        providers.link(account_id=paul.account_id, proven=one)


def test_link__gone_with_the_account(owner_connection: Any) -> None:
    amina, one = people.amina(), proven()
    providers.link(account_id=amina.account_id, proven=one)
    actions.forget_accounts(person_id=amina.person_id)
    found = owner_connection.execute("SELECT 1 FROM people_provider_link WHERE account_id = %s", [amina.account_id])
    assert found.fetchone() is None


def test_finish__the_same_answer_fifty_times_at_once_is_taken_once(fake: Fake, settings: Any) -> None:
    settings.PROVIDERS = {"citizen": fakes.settings_of(fake, "citizen")}
    _, attempt = providers.begin(kind="citizen", back=BACK)
    taken: list[bool] = []

    def take() -> None:
        try:
            providers._take_once(attempt, clock.now() + timedelta())
            taken.append(True)
        except ProviderRefused:
            taken.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (taken.count(True), len(taken)) == (1, 50)
