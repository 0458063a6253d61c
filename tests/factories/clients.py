"""Software with keys of its own, as it asks the token endpoint."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from joserfc import jwk, jws

from healthspace.common import clock
from healthspace.people import actions as people
from healthspace.people.rules import BEARER_ASSERTION
from tests.doors import fhir_client
from tests.people import Hospital, rivemont

ENDPOINT = "http://localhost/fhir/auth/token"
FORM = "application/x-www-form-urlencoded"
SIGNERS = jws.JWSRegistry(algorithms=["none", "HS256", "HS384", "RS256", "RS384", "PS384", "ES256", "ES384", "ES512"])


def key(kind: str, number: int = 0) -> Any:
    """A private key: "RSA" or the name of a curve; always the same within a run."""
    return _key(kind, number)


@cache
def _key(kind: str, number: int) -> Any:
    return jwk.RSAKey.generate_key(2048) if kind == "RSA" else jwk.ECKey.generate_key(kind)


@dataclass(frozen=True, slots=True)
class Software:
    """Registered software that signs with one key."""

    id: UUID
    place: Hospital
    key: Any
    alg: str
    kid: str
    certificate: bytes = field(default=b"")

    def claims(self, **changes: Any) -> dict[str, Any]:
        """What it says of itself; None removes."""
        at = int(clock.now().timestamp())
        found = {
            "iss": str(self.id), "sub": str(self.id), "aud": ENDPOINT, "iat": at, "exp": at + 240,
            "jti": secrets.token_urlsafe(16),
        }  # fmt: skip
        found |= changes
        return {name: value for name, value in found.items() if value is not None}

    def signed(self, header: dict[str, Any] | None = None, with_key: Any = None, /, **changes: Any) -> str:
        """An assertion; `header` replaces parts of the header, None removes."""
        parts = {"typ": "JWT", "alg": self.alg, "kid": self.kid} | (header or {})
        parts = {name: value for name, value in parts.items() if value is not None}
        return signature(parts, json.dumps(self.claims(**changes)), with_key or self.key)

    def ask(self, assertion: str | None = None, **parts: str) -> fhir_client.Reply:
        """Ask for a token with an assertion, a fresh one unless given."""
        given = self.signed() if assertion is None else assertion
        return ask(client_assertion=given, client_assertion_type=BEARER_ASSERTION, **parts)

    def token(self, **claims: Any) -> str:
        """A token, got with claims of the assertion (`rpps`, `finess`)."""
        reply = self.ask(self.signed(**claims))
        assert reply.status == 200, reply.body
        return str(reply.json["access_token"])


def signature(header: dict[str, Any], payload: str, with_key: Any) -> str:
    """A compact JWS, signed as told, sound or not."""
    if header.get("alg") == "none" or header.get("alg") not in SIGNERS.allowed:  # nobody signs those
        parts = [json.dumps(header).encode(), payload.encode()]
        return ".".join([*(_b64(part) for part in parts), ""])
    return jws.serialize_compact(header, payload.encode(), with_key, registry=SIGNERS)


def software(kind: str = "P-384", alg: str = "ES384", place: Hospital | None = None, number: int = 0) -> Software:
    """Software of a structure, with one registered key."""
    place, private = place or rivemont(), key(kind, number)
    public = json.dumps(private.as_dict(private=False))
    [kid] = people.add_keys(software_id=place.software_id, text=public)
    return Software(place.software_id, place, private, alg, kid)


def ask(headers: dict[str, str] | None = None, **parts: str) -> fhir_client.Reply:
    """One question to the token endpoint."""
    form = urlencode({"grant_type": "client_credentials"} | parts)
    sent = {"Content-Type": FORM} | (headers or {})
    return fhir_client.call("POST", "/auth/token", body=form.encode(), headers=sent)


def pem_of(der: bytes) -> str:
    """A certificate as PEM."""
    body = base64.b64encode(der).decode()
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----"]) + "\n"


def thumbprint(der: bytes) -> str:
    """x5t#S256."""
    return _b64(hashlib.sha256(der).digest())


def certificate(name: str = "rivemont") -> bytes:
    """A self-signed client certificate, as DER; a fresh one each time."""
    from datetime import timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    private = ec.generate_private_key(ec.SECP256R1())
    at: datetime = clock.now()
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(private.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=30)).sign(private, hashes.SHA256())
    )  # fmt: skip
    return made.public_bytes(serialization.Encoding.DER)


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
