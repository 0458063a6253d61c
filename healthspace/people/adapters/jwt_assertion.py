"""Client assertions (RFC 7523) and the public keys that they are checked with, by joserfc."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from joserfc import jwk, jws, jwt
from joserfc.errors import JoseError

from healthspace.common.errors import Invalid
from healthspace.people import rules

Key = jwk.RSAKey | jwk.ECKey
_REGISTRY: Final = jws.JWSRegistry(algorithms=list(rules.ALGORITHMS))
_NOT_A_KEY: Final = (
    "This is no public key for signing.",
    "Give a PEM or JWK file with RSA (2048 bits or more), P-384 or P-256 keys, without the private part.",
)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key to register: its id, its JWK as JSON, its thumbprint (RFC 7638)."""

    kid: str
    jwk: str
    thumbprint: str


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a client signed: who it is, until when, its number, and for whom it works."""

    client_id: UUID
    kid: str
    jti: str
    expires_at: datetime
    rpps: str
    finess: str


def read_keys(text: str) -> tuple[PublicKey, ...]:
    """The public keys of a PEM file, a JWK or a JWK set; Invalid when one is private, weak or of another kind."""
    try:
        found: Any = text if text.lstrip().startswith("-----BEGIN") else json.loads(text)
        parts = found["keys"] if isinstance(found, dict) and "keys" in found else [found]
        keys = tuple(_public(part) for part in parts)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        raise Invalid("--key", "RFC7517", *_NOT_A_KEY) from None
    if not keys:
        raise Invalid("--key", "RFC7517", *_NOT_A_KEY)
    return keys


def check(assertion: str, *, key_of: Callable[[UUID, str], str], audience: str, at: datetime) -> Assertion:
    """What this assertion says, once its signature, audience and times are right.

    `key_of(client, kid)` gives the JWK of a living key, or "". ClientRefused otherwise: without a word
    until the signature is right, so that only the client itself learns what is wrong.
    """
    claims, client_id, kid = _signed(assertion, key_of)
    if claims.get("aud") not in (audience, [audience]):
        raise _told("aud is not the address of this endpoint.")
    expires_at = _instant(claims, "exp")
    if expires_at is None or not at < expires_at <= at + rules.LONGEST_ASSERTION:
        raise _told("exp is missing, over, or more than five minutes away.")
    for name in ("iat", "nbf"):
        instant = _instant(claims, name)
        if name in claims and (instant is None or instant > at + rules.CLOCKS_APART):
            raise _told(f"{name} is not a time that has come.")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= rules.LONGEST_JTI:
        raise _told(f"jti is missing or longer than {rules.LONGEST_JTI} characters.")
    rpps, finess = claims.get("rpps", ""), claims.get("finess", "")
    if not isinstance(rpps, str) or not isinstance(finess, str):
        raise _told("rpps and finess are texts.")
    return Assertion(client_id, kid, jti, expires_at, rpps, finess)


def _signed(assertion: str, key_of: Callable[[UUID, str], str]) -> tuple[dict[str, Any], UUID, str]:
    """Claims, client and key of an assertion whose signature is right."""
    refused = rules.ClientRefused("invalid_client")
    if not assertion.isascii() or len(assertion) > rules.LONGEST_CLIENT_ASSERTION:
        raise refused
    try:
        unproved = jws.extract_compact(assertion.encode())
        header, claims = unproved.headers(), json.loads(unproved.payload)
        client_id, kid = _named(header, claims)
        key = _import(json.loads(key_of(client_id, kid) or "null"))
        if rules.ALGORITHMS[header["alg"]] != _kind(key):
            raise refused
        jwt.decode(assertion, key, registry=_REGISTRY)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise refused from None
    return claims, client_id, kid


def _named(header: Mapping[str, Any], claims: Mapping[str, Any]) -> tuple[UUID, str]:
    """The client that an assertion is of, and the key it says to be signed with; ValueError when it is no assertion."""
    if header.get("typ", "JWT") not in {"JWT", "client-authentication+jwt"} or "crit" in header or "b64" in header:
        raise ValueError("typ")
    if header.get("alg") not in rules.ALGORITHMS or not rules.KID.fullmatch(header.get("kid", "")):
        raise ValueError("alg")
    client_id = UUID(claims["iss"])
    if claims["sub"] != claims["iss"] or str(client_id) != claims["iss"]:
        raise ValueError("sub")
    return client_id, header["kid"]


def _public(part: Any) -> PublicKey:
    key = _import(part)
    if key.is_private or _kind(key) not in rules.ALGORITHMS.values():
        raise ValueError("kind")
    shown = dict(key.as_dict(private=False))
    if shown.get("use", "sig") != "sig" or shown.get("alg", "ES384") not in rules.ALGORITHMS:
        raise ValueError("use")
    thumbprint = key.thumbprint()
    kid = str(part.get("kid") or thumbprint) if isinstance(part, dict) else thumbprint
    if not rules.KID.fullmatch(kid):
        raise ValueError("kid")
    bare = {name: value for name, value in shown.items() if name in {"kty", "crv", "x", "y", "n", "e"}}
    return PublicKey(kid, json.dumps(bare, sort_keys=True), thumbprint)


def _import(part: Any) -> Key:
    is_rsa = part["kty"] == "RSA" if isinstance(part, dict) else _holds_rsa(part)
    key: Key = jwk.RSAKey.import_key(part) if is_rsa else jwk.ECKey.import_key(part)
    if isinstance(key, jwk.RSAKey) and key.raw_value.key_size < rules.SHORTEST_RSA:
        raise ValueError("short")
    return key


def _holds_rsa(pem: str) -> bool:
    try:
        jwk.RSAKey.import_key(pem)
    except JoseError:  # a key, and of another kind
        return False
    return True


def _kind(key: Key) -> str:
    return "RSA" if isinstance(key, jwk.RSAKey) else key.curve_name


def _instant(claims: Mapping[str, Any], name: str) -> datetime | None:
    value = claims.get(name)
    if type(value) is not int or not 0 <= value < 2**33:
        return None
    return datetime.fromtimestamp(value, UTC)


def _told(sentence: str) -> rules.ClientRefused:
    return rules.ClientRefused("invalid_client", sentence)
