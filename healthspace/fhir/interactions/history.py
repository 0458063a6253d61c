"""Versions of a DocumentReference's description; the bytes of a document never change."""

from __future__ import annotations

from healthspace.common.actor import Actor
from healthspace.documents import reads as documents
from healthspace.fhir import instants, logical_ids
from healthspace.fhir.exchange import Answer, Request, json_answer
from healthspace.fhir.outcome import not_found
from healthspace.fhir.resources.document_reference import to_fhir


def document(request: Request, actor: Actor, logical_id: str, _: str) -> Answer:
    """GET DocumentReference/{id}/_history: newest first, those this reader could have read."""
    entries = []
    for card in _cards(actor, logical_id):
        resource = to_fhir.resource(card)
        is_first = card.version == 1
        entries.append(
            {
                "fullUrl": f"{request.base}/DocumentReference/{logical_id}",
                "resource": resource,
                "request": {
                    "method": "POST" if is_first else "PUT",
                    "url": "DocumentReference" if is_first else f"DocumentReference/{logical_id}",
                },
                "response": {
                    "status": "201" if is_first else "200",
                    "etag": to_fhir.etag(card.version),
                    "lastModified": instants.told(card.changed_at),
                },
            }
        )
    bundle = {"resourceType": "Bundle", "type": "history", "total": len(entries), "entry": entries}
    return json_answer(200, bundle)


def version(request: Request, actor: Actor, logical_id: str, version_id: str) -> Answer:
    """GET DocumentReference/{id}/_history/{version}."""
    for card in _cards(actor, logical_id):
        if str(card.version) == version_id:
            return json_answer(200, to_fhir.resource(card), to_fhir.headers(card))
    raise not_found()


def _cards(actor: Actor, logical_id: str) -> list[documents.Card]:
    person_id, document_id = logical_ids.decode(logical_id)
    found = documents.versions(actor=actor, person_id=person_id, document_id=document_id)
    return [one.card for one in found]
