"""Where software gets its tokens, and how this door says so: OAuth's token endpoint and SMART's discovery."""

from __future__ import annotations

import logging
from typing import Any, Final

import orjson
from django.conf import settings

from healthspace.fhir import certificates, forms
from healthspace.fhir.exchange import Answer, Request
from healthspace.fhir.outcome import Fault
from healthspace.people import actions as people
from healthspace.people import rules

log = logging.getLogger("healthspace.fhir")
TOKEN: Final = "auth/token"  # noqa: S105 - a path
FORM: Final = "application/x-www-form-urlencoded"
LONGEST_FORM: Final = 16_384
# What a token opens is decided act by act, by the law and the person's wishes; it is no subset that one could ask for.
SCOPE: Final = "system/*.crus"
_JSON: Final = "application/json"
_PARTS: Final = frozenset(
    {"grant_type", "client_id", "client_assertion", "client_assertion_type", "scope", "rpps", "finess", "resource"}
)


def configuration(request: Request) -> Answer:
    """What SMART's clients look up first (SMART App Launch 2.2, `.well-known/smart-configuration`)."""
    body = orjson.dumps(statement(request.base))
    return Answer(200, body, {"Content-Type": _JSON, "Cache-Control": "public, max-age=3600", "Vary": "Accept"})


def statement(base: str) -> dict[str, Any]:
    """The discovery document of this base address."""
    methods = ["private_key_jwt"]
    found: dict[str, Any] = {
        "token_endpoint": f"{base}/{TOKEN}",
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_signing_alg_values_supported": list(rules.ALGORITHMS),
        "scopes_supported": [SCOPE],
        "response_types_supported": [],
        "capabilities": ["client-confidential-asymmetric", "permission-v2"],
    }
    if settings.CLIENT_CERTIFICATE_KEY:
        methods.append("self_signed_tls_client_auth")
        found["tls_client_certificate_bound_access_tokens"] = True
    return found | {"token_endpoint_auth_methods_supported": methods}


def give_token(request: Request) -> Answer:
    """OAuth's token endpoint (RFC 6749, 4.4): client credentials by assertion (RFC 7523) or certificate (RFC 8705)."""
    try:
        given = people.give_token(_wish(request))
    except rules.ClientRefused as refused:
        log.info("a token was refused", extra={"code": refused.error})
        said = {"error": refused.error} | ({"error_description": refused.told} if refused.told else {})
        return _plain(401 if refused.error == "invalid_client" else 400, said)
    return _plain(
        200,
        {
            "access_token": given.token,
            "token_type": "bearer",
            "expires_in": int(given.lasts.total_seconds()),
            "scope": SCOPE,
        },
    )


def _wish(request: Request) -> people.TokenWish:
    parts = _form(request)
    if parts.get("grant_type") != "client_credentials":
        raise rules.ClientRefused("unsupported_grant_type", "grant_type is client_credentials.")
    assertion = parts.get("client_assertion", "")
    if bool(assertion) != (parts.get("client_assertion_type") == rules.BEARER_ASSERTION):
        raise _bad(f"client_assertion comes with client_assertion_type {rules.BEARER_ASSERTION}.")
    return people.TokenWish(
        audience=f"{request.base}/{TOKEN}",
        client_id=parts.get("client_id", ""),
        assertion=assertion,
        certificate=certificates.thumbprint(request.header(certificates.HEADER)),
        rpps=parts.get("rpps", ""),
        finess=parts.get("finess", ""),
    )


def _form(request: Request) -> dict[str, str]:
    """The parts of the form, each once (RFC 6749, 3.2); nothing in the address, where a proxy would log it."""
    kind = request.header("content-type").split(";")[0].strip().lower()
    if request.query or kind != FORM or len(request.body) > LONGEST_FORM:
        raise _bad(f"The body is {FORM}, of at most {LONGEST_FORM} bytes; nothing stands in the address.")
    if request.header("authorization"):
        raise _bad("The client proves itself by an assertion or a certificate, not by a header.")
    try:
        pairs = forms.params(request.body.decode())
    except (Fault, UnicodeDecodeError):
        raise _bad("The form is not UTF-8, or has too many fields.") from None
    parts = dict(pairs)
    if len(parts) != len(pairs):
        raise _bad("A part stands twice.")
    return {name: value for name, value in parts.items() if name in _PARTS}


def _bad(told: str) -> rules.ClientRefused:
    return rules.ClientRefused("invalid_request", told)


def _plain(status: int, content: dict[str, Any]) -> Answer:
    return Answer(status, orjson.dumps(content), {"Content-Type": _JSON, "Pragma": "no-cache"})
