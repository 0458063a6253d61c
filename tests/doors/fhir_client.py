"""A client of the FHIR door without a network: WSGI in, status, headers and bytes out."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from healthspace.fhir import wsgi
from healthspace.people import actions as people
from tests.people import Doctor, Holder, Hospital

BASE = "http://localhost/fhir"
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
xref
0 4
0000000000 65535 f 
0000000009 00000 n 
0000000053 00000 n 
0000000102 00000 n 
trailer<</Size 4/Root 1 0 R>>
startxref
162
%%EOF
"""  # noqa: W291


def pdf(number: int) -> bytes:
    """Another page of the same length."""
    return PDF.replace(b"200 200", b"200 %03d" % (100 + number))


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def issue(self) -> dict[str, Any]:
        """The first issue of an OperationOutcome."""
        assert self.json["resourceType"] == "OperationOutcome", self.body[:200]
        found: dict[str, Any] = self.json["issue"][0]
        return found

    @property
    def rule(self) -> str:
        return str(self.issue["details"]["coding"][0]["code"])


def call(
    method: str,
    path: str,
    *,
    token: str = "",
    body: Any = None,
    query: Iterable[tuple[str, str]] = (),
    headers: dict[str, str] | None = None,
) -> Reply:
    """One request; a body that is not bytes is sent as FHIR JSON."""
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/fhir" + path,
        "QUERY_STRING": urlencode(list(query)),
        "CONTENT_LENGTH": str(len(content)),
        "CONTENT_TYPE": "application/fhir+json",
        "HTTP_HOST": "localhost",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(content),
    }
    if token:
        environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    for name, value in (headers or {}).items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    told: list[tuple[str, list[tuple[str, str]]]] = []
    parts = wsgi.application(environ, lambda status, pairs: told.append((status, pairs)))
    status, pairs = told[0]
    return Reply(int(status[:3]), dict(pairs), b"".join(parts))


def token_of(doctor: Doctor) -> str:
    """A token with which software acts for this professional."""
    software_id = people.register_software(name="Cabinet 3000", institution_id=doctor.institution_id)
    return people.issue_token(software_id=software_id, professional_id=doctor.id)


def patient(holder: Holder, resource_id: str = "pat") -> dict[str, Any]:
    """The holder as a sender describes them."""
    traits = holder.traits
    return {
        "resourceType": "Patient",
        "id": resource_id,
        "identifier": [{"system": f"urn:oid:{holder.ins.oid}", "value": holder.ins.matricule}],
        "name": [{"use": "official", "family": traits.birth_name, "given": list(traits.first_names)}],
        "gender": "female" if traits.sex == "F" else "male",
        "birthDate": traits.born_on.isoformat(),
    }


def document(holder: Holder, body: bytes = PDF, /, **changes: Any) -> dict[str, Any]:
    """A simplified publication about this holder; `changes` replace top elements, None removes."""
    found = {
        "resourceType": "DocumentReference",
        "contained": [
            patient(holder),
            {"resourceType": "Organization", "id": "org", "name": "Hôpital de Rivemont",
             "identifier": [{"system": "https://finess.esante.gouv.fr", "value": "010000024"}]},
        ],
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:oid:1.2.{secrets.randbelow(10**12)}"},
        "status": "current",
        "type": {"coding": [{"system": "http://loinc.org", "code": "11502-2"}]},
        "category": [{"coding": [{
            "system": "https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument",
            "code": "10"}]}],
        "subject": {"reference": "#pat"},
        "date": "2026-03-02T09:30:00+01:00",
        "author": [{"reference": "#org"}],
        "description": "Bilan annuel",
        "content": [{"attachment": {
            "contentType": "application/pdf",
            "language": "fr-FR",
            "data": base64.b64encode(body).decode(),
            "size": len(body),
            "hash": sha1(body),
            "title": "Analyses de sang",
            "creation": "2026-03-02T09:00:00+01:00"}}],
        "context": {
            "facilityType": {"coding": [{
                "system": "https://mos.esante.gouv.fr/NOS/TRE_R02-SecteurActivite/FHIR/TRE-R02-SecteurActivite",
                "code": "SA01"}]},
            "practiceSetting": {"coding": [{
                "system": "https://mos.esante.gouv.fr/NOS/TRE_A01-CadreExercice/FHIR/TRE-A01-CadreExercice",
                "code": "ETABLISSEMENT"}]}},
    }  # fmt: skip
    found |= changes
    return {name: value for name, value in found.items() if value is not None}


def sha1(content: bytes) -> str:
    return base64.b64encode(hashlib.sha1(content).digest()).decode()


def submission(holder: Holder, *contents: bytes) -> dict[str, Any]:
    """An ITI-65 bundle of these documents."""
    entries: list[dict[str, Any]] = []
    items = []
    for number, content in enumerate(contents or (PDF,)):
        reference = document(holder, content)
        attached = reference["content"][0]["attachment"]
        del attached["data"]
        attached["url"] = f"urn:uuid:00000000-0000-4000-8000-{number:012d}"
        reference["context"]["period"] = {"start": f"2026-02-{number + 1:02d}T08:00:00Z"}
        url = f"urn:uuid:00000000-0000-4000-9000-{number:012d}"
        items.append({"item": {"reference": url}})
        entries += [
            {"fullUrl": url, "resource": reference, "request": {"method": "POST", "url": "DocumentReference"}},
            {
                "fullUrl": attached["url"],
                "resource": {
                    "resourceType": "Binary",
                    "contentType": "application/pdf",
                    "data": base64.b64encode(content).decode(),
                },
                "request": {"method": "POST", "url": "Binary"},
            },
        ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": [_set(holder, items), *entries]}


def _set(holder: Holder, items: list[dict[str, Any]]) -> dict[str, Any]:
    ins = {"system": f"urn:oid:{holder.ins.oid}", "value": holder.ins.matricule}
    resource = {
        "resourceType": "List",
        "identifier": [
            {"use": "usual", "system": "urn:ietf:rfc:3986", "value": f"urn:oid:1.3.{secrets.randbelow(9**9)}"}
        ],
        "status": "current",
        "mode": "working",
        "title": "Sortie du service",
        "code": {
            "coding": [{"system": "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes", "code": "submissionset"}]
        },
        "subject": {"identifier": ins},
        "date": "2026-03-02T10:00:00+01:00",
        "source": {"display": "Rivemont"},
        "entry": items,
    }
    return {
        "fullUrl": "urn:uuid:00000000-0000-4000-a000-000000000000",
        "resource": resource,
        "request": {"method": "POST", "url": "List"},
    }


def file(holder: Holder, hospital: Hospital, **changes: Any) -> str:
    """File one document by the hospital's software; its logical id."""
    reply = call("POST", "/DocumentReference", token=hospital.token, body=document(holder, **changes))
    assert reply.status == 201, reply.body
    return reply.headers["Location"].split("/DocumentReference/")[1].split("/")[0]
