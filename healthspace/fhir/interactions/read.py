"""Reading one resource; the journal is written before the answer leaves."""

from __future__ import annotations

import base64
import re
from typing import Final

from healthspace.common.actor import Actor
from healthspace.documents import reads as documents
from healthspace.fhir import conditions, logical_ids
from healthspace.fhir.exchange import Answer, Request, json_answer
from healthspace.fhir.outcome import not_found
from healthspace.fhir.resources import patient as patients
from healthspace.fhir.resources import submission_set
from healthspace.fhir.resources.document_reference import to_fhir

_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_AS_JSON: Final = ("application/fhir+json", "application/json")


def document(request: Request, actor: Actor, logical_id: str, _: str) -> Answer:
    """GET DocumentReference/{id}: 304 when the client has this version already."""
    person_id, document_id = logical_ids.decode(logical_id)
    card = documents.document_card(actor=actor, person_id=person_id, document_id=document_id)
    headers = to_fhir.headers(card)
    if conditions.is_known(request, card.version):
        return Answer(304, b"", headers)
    return json_answer(200, to_fhir.resource(card), headers)


def binary(request: Request, actor: Actor, logical_id: str, _: str) -> Answer:
    """GET Binary/{id}: the bytes as filed, or a Binary resource when FHIR's JSON is asked for."""
    person_id, document_id = logical_ids.decode(logical_id)
    opened = documents.open_document(actor=actor, person_id=person_id, document_id=document_id, is_download=True)
    card = opened.card
    wished = request.header("accept").lower() + dict(request.query).get("_format", "").replace(" ", "+")
    if any(name in wished for name in _AS_JSON):
        data = base64.b64encode(opened.content).decode()
        resource = {"resourceType": "Binary", "id": logical_id, "contentType": card.media_type, "data": data}
        return json_answer(200, resource, to_fhir.headers(card))
    media_type = card.media_type if _MEDIA_TYPE.fullmatch(card.media_type) else "application/octet-stream"
    headers = {
        "Content-Type": media_type,
        "Content-Disposition": "attachment",
        "Content-Security-Policy": "sandbox",
        **to_fhir.headers(card),
    }
    return Answer(200, opened.content, headers)


def patient(request: Request, actor: Actor, logical_id: str, _: str) -> Answer:
    """GET Patient/{id}, for whoever may know this person."""
    person_id = logical_ids.person(logical_id)
    found = patients.known(actor=actor, person_id=person_id)
    if found is None:
        raise not_found()
    return json_answer(200, found)


def submission(request: Request, actor: Actor, logical_id: str, _: str) -> Answer:
    """GET List/{id}: a submission set, with those of its documents that this reader may open."""
    person_id, document_id = logical_ids.decode(logical_id)
    return json_answer(200, submission_set.read(actor=actor, person_id=person_id, document_id=document_id))
