"""T43: client assertions forged, confused and replayed; each is refused, and a right one is good once."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from healthspace.people.rules import BEARER_ASSERTION
from tests import people
from tests.factories import clients
from tests.factories.clients import Software

Mutant = Callable[[Software], str]


def _now(one: Software) -> int:
    return int(one.claims()["iat"])


def _hmac_with_public_key(one: Software) -> str:
    """By hand: the library refuses to sign so."""
    signed = f"{_b64(json.dumps({'alg': 'HS256', 'kid': one.kid}))}.{_b64(json.dumps(one.claims()))}"
    mac = hmac.digest(one.key.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _cut(one: Software) -> str:
    head, body, _ = one.signed().split(".")
    return f"{head}.{body}."


def _other_payload(one: Software) -> str:
    head, _, signature = one.signed().split(".")
    return f"{head}.{_b64(json.dumps(one.claims(rpps=people.new_rpps())))}.{signature}"


def _other_header(one: Software) -> str:
    _, body, signature = one.signed().split(".")
    return f"{_b64(json.dumps({'alg': 'ES256', 'kid': one.kid}))}.{body}.{signature}"


def _flipped(one: Software) -> str:
    head, body, signature = one.signed().split(".")
    raw = bytearray(base64.urlsafe_b64decode(signature + "=="))
    raw[7] ^= 1
    return f"{head}.{body}.{base64.urlsafe_b64encode(raw).rstrip(b'=').decode()}"


def _zeroes(one: Software) -> str:
    """The signature of nothing, which some libraries took for every message (CVE-2022-21449)."""
    head, body, _ = one.signed().split(".")
    return f"{head}.{body}.{base64.urlsafe_b64encode(bytes(96)).rstrip(b'=').decode()}"


def _der(one: Software) -> str:
    """The signature in DER, as other formats have it."""
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    head, body, signature = one.signed().split(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    der = encode_dss_signature(int.from_bytes(raw[:48], "big"), int.from_bytes(raw[48:], "big"))
    return f"{head}.{body}.{base64.urlsafe_b64encode(der).rstrip(b'=').decode()}"


def _b64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _json_form(one: Software) -> str:
    head, body, signature = one.signed().split(".")
    return json.dumps({"payload": body, "signatures": [{"protected": head, "signature": signature}]})


def _own_key(one: Software) -> dict[str, Any]:
    return dict(clients.key("P-384", 9).as_dict(private=False))


MUTANTS: dict[str, Mutant] = {
    "alg none": lambda one: one.signed({"alg": "none"}),
    "alg None": lambda one: one.signed({"alg": "None"}),
    "alg missing": lambda one: clients.signature({"kid": one.kid}, json.dumps(one.claims()), one.key),
    "alg a list": lambda one: f"{_b64(json.dumps({'alg': ['ES384'], 'kid': one.kid}))}.{one.signed().split('.', 1)[1]}",
    "hmac with the public key": _hmac_with_public_key,
    "another curve": lambda one: one.signed({"alg": "ES256"}, clients.key("P-256")),
    "es512": lambda one: one.signed({"alg": "ES512"}, clients.key("P-521")),
    "rs256": lambda one: one.signed({"alg": "RS256"}, clients.key("RSA")),
    "ps384": lambda one: one.signed({"alg": "PS384"}, clients.key("RSA")),
    "rs384 under the id of another kind": lambda one: one.signed({"alg": "RS384"}, clients.key("RSA")),
    "somebody else's key": lambda one: one.signed(None, clients.key("P-384", 9)),
    "key in the header": lambda one: one.signed({"jwk": _own_key(one)}, clients.key("P-384", 9)),
    "kid unknown": lambda one: one.signed({"kid": "nobody"}),
    "kid missing": lambda one: one.signed({"kid": None}),
    "kid a path": lambda one: one.signed({"kid": "../../etc/passwd"}),
    "kid sql": lambda one: one.signed({"kid": "' OR 1=1 --"}),
    "typ of an access token": lambda one: one.signed({"typ": "at+jwt"}),
    "signature cut": _cut,
    "payload exchanged": _other_payload,
    "header exchanged": _other_header,
    "one bit": _flipped,
    "signature of zeroes": _zeroes,
    "signature in DER": _der,
    "json serialization": _json_form,
    "nonsense": lambda one: "a.b.c",
    "empty parts": lambda one: "..",
    "not ascii": lambda one: one.signed() + "é",
    "too long": lambda one: one.signed(note="x" * 9000),
    "iss of another": lambda one: one.signed(iss=str(uuid4())),
    "sub of another": lambda one: one.signed(sub=str(uuid4())),
    "iss missing": lambda one: one.signed(iss=None),
    "sub missing": lambda one: one.signed(sub=None),
    "iss in capitals": lambda one: one.signed(iss=str(one.id).upper(), sub=str(one.id).upper()),
    "iss a number": lambda one: one.signed(iss=7, sub=7),
    "aud missing": lambda one: one.signed(aud=None),
    "aud the base": lambda one: one.signed(aud="http://localhost/fhir"),
    "aud elsewhere": lambda one: one.signed(aud="https://elsewhere.example/fhir/auth/token"),
    "aud with a slash": lambda one: one.signed(aud=clients.ENDPOINT + "/"),
    "aud one of two": lambda one: one.signed(aud=[clients.ENDPOINT, "https://elsewhere.example/token"]),
    "aud nobody": lambda one: one.signed(aud=[]),
    "exp missing": lambda one: one.signed(exp=None),
    "exp over": lambda one: one.signed(exp=_now(one) - 1),
    "exp far": lambda one: one.signed(exp=_now(one) + 302),
    "exp of years": lambda one: one.signed(exp=2**40),
    "exp a text": lambda one: one.signed(exp=str(_now(one) + 60)),
    "exp a truth": lambda one: one.signed(exp=True),
    "exp not a number": lambda one: one.signed(exp=float("nan")),
    "exp endless": lambda one: one.signed(exp=float("inf")),
    "iat to come": lambda one: one.signed(iat=_now(one) + 60),
    "nbf to come": lambda one: one.signed(nbf=_now(one) + 60),
    "jti missing": lambda one: one.signed(jti=None),
    "jti empty": lambda one: one.signed(jti=""),
    "jti a number": lambda one: one.signed(jti=7),
    "jti endless": lambda one: one.signed(jti="x" * 200),
    "rpps a list": lambda one: one.signed(rpps=[people.new_rpps()]),
    "crit": lambda one: (
        f"{_b64(json.dumps({'alg': 'ES384', 'kid': one.kid, 'crit': ['exp'], 'exp': 1}))}"
        f".{one.signed().split('.', 1)[1]}"
    ),
}


@pytest.fixture(scope="module")
def software() -> Software:
    return clients.software()


@pytest.fixture(scope="module")
def stranger() -> Software:
    """Other registered software, whose key is as good as any."""
    return clients.software(number=9)


@pytest.mark.parametrize("name", MUTANTS)
def test_mutant__is_refused(software: Software, stranger: Software, name: str) -> None:
    assertion = MUTANTS[name](software)
    assert stranger.key is clients.key("P-384", 9)
    reply = software.ask(assertion)
    assert (reply.status, reply.json["error"]) == (401, "invalid_client"), name


def test_original__is_taken(software: Software) -> None:
    """The mutants differ from this one in one thing only."""
    assert software.ask().status == 200
    assert software.ask(software.signed(aud=[clients.ENDPOINT])).status == 200
    assert software.ask(software.signed({"typ": None})).status == 200
    assert software.ask(software.signed(exp=_now(software) + 295, nbf=_now(software))).status == 200


def test_unproved__every_refusal_is_the_same_bytes(software: Software) -> None:
    """Before the signature is right nobody learns what is wrong: no client, no key, no state can be found out."""
    names = ["alg none", "kid unknown", "somebody else's key", "iss of another", "one bit", "nonsense"]
    assert len({software.ask(MUTANTS[name](software)).body for name in names}) == 1


def test_replay__of_one_assertion_by_fifty_at_once_succeeds_once(software: Software) -> None:
    assertion, found, start = software.signed(), Counter[int](), threading.Barrier(50)

    def ask() -> None:
        start.wait()
        found[software.ask(assertion).status] += 1
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {200: 1, 401: 49}


def test_replay__same_number_in_another_assertion_is_refused(software: Software) -> None:
    assert software.ask(software.signed(jti="one")).status == 200
    assert software.ask(software.signed(jti="one", rpps=people.new_rpps())).status == 401


def test_number__of_two_clients_may_be_the_same(software: Software, stranger: Software) -> None:
    assert {one.ask(one.signed(jti="both")).status for one in (software, stranger)} == {200}


def test_replay__of_a_refused_user_is_refused_too(software: Software) -> None:
    """What was signed is used up by its first bringer, whatever became of it."""
    assertion = software.signed(rpps=people.new_rpps())
    assert [software.ask(assertion).json["error"] for _ in range(2)] == ["invalid_grant", "invalid_client"]


def test_assertion__of_another_kind_or_client_beside_it_is_refused(software: Software, stranger: Software) -> None:
    saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"
    reply = clients.ask(client_assertion=software.signed(), client_assertion_type=saml)
    assert reply.status == 400
    reply = clients.ask(
        client_assertion=software.signed(), client_assertion_type=BEARER_ASSERTION, client_id=str(stranger.id)
    )
    assert (reply.status, reply.json["error"]) == (401, "invalid_client")
