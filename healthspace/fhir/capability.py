"""What this door can do, as a CapabilityStatement; the same for everyone, without sign-in."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import resources
from typing import Any, Final

import orjson

from healthspace.fhir import codes, security
from healthspace.fhir.exchange import FHIR_JSON, Answer, Request

PDSM_SERVER: Final = (
    "https://interop.esante.gouv.fr/ig/fhir/pdsm/CapabilityStatement/PDSm-GestionnaireDePartageDeDocuments"
)
SERVICES: Final = "http://terminology.hl7.org/CodeSystem/restful-security-service"
OAUTH_URIS: Final = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"


def answer(request: Request) -> Answer:
    """The statement, kept for an hour; 304 when the client has it."""
    body, etag = _statement(request.base)
    headers = {"Content-Type": FHIR_JSON, "Cache-Control": "public, max-age=3600", "ETag": etag, "Vary": "Accept"}
    if etag in request.header("if-none-match"):
        return Answer(304, b"", headers)
    return Answer(200, body, headers)


@lru_cache(maxsize=8)
def _statement(base: str) -> tuple[bytes, str]:
    raw = resources.files("healthspace.fhir").joinpath("data/capability.json").read_bytes()
    statement: dict[str, Any] = orjson.loads(raw)
    statement["implementation"]["url"] = base
    statement["rest"][0]["security"] |= _security(base)
    statement["instantiates"] = [PDSM_SERVER]
    for resource in statement["rest"][0]["resource"]:
        if resource["type"] == "DocumentReference":
            resource["supportedProfile"] = [codes.COMPREHENSIVE, codes.SIMPLIFIED]
    body = orjson.dumps(statement)
    return body, f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'


def _security(base: str) -> dict[str, Any]:
    """Where tokens are had, in the two ways that clients look for it (SMART App Launch, OAuth URIs)."""
    return {
        "service": [{"coding": [{"system": SERVICES, "code": "SMART-on-FHIR", "display": "SMART-on-FHIR"}]}],
        "extension": [{"url": OAUTH_URIS, "extension": [{"url": "token", "valueUri": f"{base}/{security.TOKEN}"}]}],
    }
