"""Signed tokens before they are believed: their header, the key that fits, the hash of what came with them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from healthspace.people.rules.providers import ProviderRefused

LONGEST_TOKEN: Final = 64 * 1024
SMALLEST_RSA: Final = 2048
KEY_KINDS: Final = {"RSA": ("RS", "PS"), "EC": ("ES",)}
Json = dict[str, Any]


def public_key(published: Json) -> RSAKey | ECKey:
    """The key of a published entry; never a shared secret, never a short one."""
    try:
        key = JWKRegistry.import_key(published)
    except (JoseError, ValueError, TypeError, KeyError) as fault:
        raise ProviderRefused("key") from fault
    if not isinstance(key, RSAKey | ECKey) or (isinstance(key, RSAKey) and key.raw_value.key_size < SMALLEST_RSA):
        raise ProviderRefused("key")
    return key


def header(token: str) -> Json:
    """The header of a compact JWS, not believed yet."""
    if len(token) > LONGEST_TOKEN or token.count(".") != 2:
        raise ProviderRefused("token")
    part = token.split(".", 1)[0]
    try:
        plain = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise ProviderRefused("token") from None
    return json_object(plain, "token")


def json_object(content: bytes, what: str) -> Json:
    """A JSON object; ProviderRefused(what) for anything else."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        raise ProviderRefused(what) from None
    if not isinstance(value, dict):
        raise ProviderRefused(what)
    return value


def fitting(keys: list[Json], kid: object, algorithm: str) -> list[Json]:
    """The published keys that may sign with this algorithm, of that id where one is given."""

    def fits(key: Mapping[str, Any]) -> bool:
        is_of_kind = algorithm[:2] in KEY_KINDS.get(str(key.get("kty")), ())
        is_for_us = key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm
        return is_of_kind and is_for_us and (kid is None or key.get("kid") == kid)

    return [key for key in keys if fits(key)]


def is_hash(given: object, access_token: str, algorithm: str) -> bool:
    """The left half of the hash of the access token (Core 3.1.3.6)."""
    digest = hashlib.new(f"sha{algorithm[2:]}", access_token.encode()).digest()
    expected = base64.urlsafe_b64encode(digest[: len(digest) // 2]).decode().rstrip("=")
    return isinstance(given, str) and hmac.compare_digest(given.encode(), expected.encode())
