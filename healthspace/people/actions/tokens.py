"""Short tokens for software that proves to be itself by a signed assertion or by its certificate."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from healthspace.common import clock
from healthspace.people import reads, rules
from healthspace.people.actions.software import issue_token
from healthspace.people.adapters import jwt_assertion
from healthspace.people.models import Practice, Software, SoftwareKey, SpentAssertion, Token
from healthspace.people.rules import ClientRefused

_SPEND: Final = "INSERT INTO people_spent_assertion (key, expires_at) VALUES (%s, %s) ON CONFLICT (key) DO NOTHING"
_KEPT_AFTER_ITS_END: Final = timedelta(days=1)
# Of every reason why the user is not taken, the answer is the same: the directory is public, a workforce is not.
_NOT_THEIRS: Final = (
    "rpps must name an active professional who works at this structure, and finess, if given, this one."
)


@dataclass(frozen=True, slots=True)
class TokenWish:
    """What software asks with: an assertion, or its id and a certificate; `rpps` and `finess` name the real user.

    `audience` is the address of the endpoint; `certificate` the SHA-256 of the client certificate, if there is one.
    """

    audience: str
    client_id: str = ""
    assertion: str = ""
    certificate: bytes | None = None
    rpps: str = ""
    finess: str = ""


@dataclass(frozen=True, slots=True)
class GivenToken:
    """A token and how long it is good; `is_bound` when it works with its certificate alone."""

    token: str
    lasts: timedelta
    is_bound: bool


@dataclass(frozen=True, slots=True)
class _Client:
    software_id: UUID
    key_id: UUID
    rpps: str
    finess: str


def give_token(wish: TokenWish) -> GivenToken:
    """A token of at most 15 minutes for the software that proves itself; ClientRefused when it does not.

    An assertion (RFC 7523) is good once, however many bring it at the same moment. A certificate that comes along
    binds the token to it (RFC 8705). The user's status comes from the directory, now and at each use.
    """
    at = clock.now()
    client = _by_assertion(wish, at) if wish.assertion else _by_certificate(wish)
    if not reads.is_client(client.software_id):
        raise ClientRefused("invalid_client")
    professional_id = _user(client)
    token = issue_token(
        software_id=client.software_id,
        professional_id=professional_id,
        valid_for=rules.TOKEN_LIFE,
        key_id=client.key_id,
        certificate=wish.certificate,
    )
    return GivenToken(token, rules.TOKEN_LIFE, wish.certificate is not None)


def forget_spent() -> int:
    """Remove assertions that are over by themselves, and tokens that ended yesterday; how many."""
    at = clock.now()
    spent, _ = SpentAssertion.objects.filter(expires_at__lt=at - rules.LONGEST_ASSERTION).delete()
    tokens, _ = Token.objects.filter(expires_at__lt=at - _KEPT_AFTER_ITS_END).delete()
    return spent + tokens


def _by_assertion(wish: TokenWish, at: datetime) -> _Client:
    said = jwt_assertion.check(wish.assertion, key_of=_public_key, audience=wish.audience, at=at)
    if wish.client_id and wish.client_id != str(said.client_id):
        raise ClientRefused("invalid_client", "client_id is not the one that signed.")
    digest = hashlib.sha256(f"{said.client_id}|{said.jti}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [digest, said.expires_at])
        if cursor.rowcount != 1:
            raise ClientRefused("invalid_client", "jti was used already; sign another assertion for each request.")
    for name, signed, beside in (("rpps", said.rpps, wish.rpps), ("finess", said.finess, wish.finess)):
        if beside and beside != signed:
            raise ClientRefused("invalid_request", f"{name} stands in the signed assertion, not beside it.")
    key = _living(said.client_id, said.kid)
    if key is None:  # ended a moment ago
        raise ClientRefused("invalid_client")
    return _Client(said.client_id, key.id, said.rpps, said.finess)


def _by_certificate(wish: TokenWish) -> _Client:
    if wish.certificate is None:
        raise ClientRefused("invalid_client")
    try:
        client_id = UUID(wish.client_id)
    except ValueError:
        raise ClientRefused("invalid_client") from None
    kid = base64.urlsafe_b64encode(wish.certificate).rstrip(b"=").decode()
    key = _living(client_id, kid)
    if key is None or key.public:
        raise ClientRefused("invalid_client")
    return _Client(client_id, key.id, wish.rpps, wish.finess)


def _user(client: _Client) -> UUID | None:
    place = Software.objects.select_related("institution").get(id=client.software_id).institution
    if client.finess and client.finess != place.finess:
        raise ClientRefused("invalid_grant", _NOT_THEIRS)
    if not client.rpps:
        return None
    found = Practice.objects.filter(
        professional__rpps=client.rpps, professional__is_active=True, institution_id=place.id
    ).values_list("professional_id", flat=True)
    professional_id = found.first()
    if professional_id is None:
        raise ClientRefused("invalid_grant", _NOT_THEIRS)
    return professional_id


def _public_key(client_id: UUID, kid: str) -> str:
    key = _living(client_id, kid)
    return key.public if key else ""


def _living(client_id: UUID, kid: str) -> SoftwareKey | None:
    return SoftwareKey.objects.filter(software_id=client_id, kid=kid, ended_at=None).first()
