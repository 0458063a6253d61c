"""WebAuthn by the fido2 library: what a browser is asked, and whether its answer is right."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from healthspace.people import rules

# ES256, EdDSA, RS256 (COSE): every authenticator in use has one of them.
ALGORITHMS: Final = (-7, -8, -257)
LONGEST_CREDENTIAL: Final = 1023  # WebAuthn 3, 7.1 step 25
_REQUIRED: Final = UserVerificationRequirement.REQUIRED

# The library notes credential ids at INFO; they lead to people.
logging.getLogger("fido2").setLevel(logging.ERROR)


class NotProved(ValueError):
    """The answer is not what a registered authenticator says to this challenge on this site."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A new credential: its id, its public data as they are kept, its counter."""

    id: bytes
    data: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer names before it is checked."""

    credential_id: bytes
    user_handle: bytes


def creation_options(*, account_id: UUID, name: str, known: list[bytes], challenge: bytes) -> dict[str, Any]:
    """What `navigator.credentials.create` is given, with binary values as base64url texts."""
    server = _server()
    options, _ = server.register_begin(
        PublicKeyCredentialUserEntity(id=account_id.bytes, name=name, display_name=name),
        credentials=[PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=one) for one in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=_REQUIRED,
        challenge=challenge,
    )
    return dict(options)


def request_options(*, challenge: bytes) -> dict[str, Any]:
    """What `navigator.credentials.get` is given: no list of credentials, so it tells nothing of any account."""
    options, _ = _server().authenticate_begin(user_verification=_REQUIRED, challenge=challenge)
    return dict(options)


def check_creation(answer: Mapping[str, Any], *, challenge: bytes) -> Credential:
    """The new credential; NotProved when challenge, origin, site or user verification is not right."""
    try:
        response = RegistrationResponse.from_dict(dict(answer))
        data = _server().register_complete(_state(challenge), response)
        found = data.credential_data
        if found is None or found.public_key.ALGORITHM not in ALGORITHMS:
            raise NotProved("algorithm")
        if not 0 < len(found.credential_id) <= LONGEST_CREDENTIAL or response.raw_id != found.credential_id:
            raise NotProved("credential id")
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, AssertionError, OverflowError) as fault:
        raise NotProved("registration") from fault
    return Credential(id=found.credential_id, data=bytes(found), sign_count=data.counter)


def read_answer(answer: Mapping[str, Any]) -> Answer:
    """Which credential and which account an answer names; NotProved when it has not the form of one."""
    try:
        response = AuthenticationResponse.from_dict(dict(answer))
        return Answer(bytes(response.raw_id), bytes(response.response.user_handle or b""))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, AssertionError, OverflowError) as fault:
        raise NotProved("answer") from fault


def check_answer(answer: Mapping[str, Any], *, challenge: bytes, credential: bytes) -> int:
    """The authenticator's counter, if the answer is right for this credential; NotProved otherwise."""
    try:
        response = AuthenticationResponse.from_dict(dict(answer))
        _server().authenticate_complete(_state(challenge), [AttestedCredentialData(credential)], response)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, AssertionError, OverflowError) as fault:
        raise NotProved("assertion") from fault
    return response.response.authenticator_data.counter


def origin() -> str:
    """The one origin answers may come from: that of SITE_URL."""
    parts = urlsplit(settings.SITE_URL)
    return f"{parts.scheme}://{parts.netloc}"


def _state(challenge: bytes) -> dict[str, Any]:
    return {"challenge": websafe_encode(challenge), "user_verification": _REQUIRED}


def _server() -> Fido2Server:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    expected = origin()
    server = Fido2Server(
        PublicKeyCredentialRpEntity(id=host, name=settings.SITE_NAME),
        verify_origin=lambda told: told == expected,  # exactly: the library alone would take subdomains too
    )
    server.timeout = int(rules.CHALLENGE_LIFE.total_seconds() * 1000)  # type: ignore[assignment]  # milliseconds
    server.allowed_algorithms = [
        PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=alg) for alg in ALGORITHMS
    ]
    return server
