"""POST DocumentReference: MHD Simplified Publish (ITI-105), with PDSm's profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings

from healthspace.common.actor import Actor
from healthspace.documents import actions, reads
from healthspace.documents.rules import Author, Order, Receipt
from healthspace.fhir import bodies, conditions, logical_ids, outcome
from healthspace.fhir.exchange import Answer, Request, json_answer
from healthspace.fhir.outcome import Fault, Issue, fault
from healthspace.fhir.resources.document_reference import attachment, to_fhir, to_ours
from healthspace.terminology import reads as terminology


def document(request: Request, actor: Actor, _: str, __: str) -> Answer:
    """File one document; the same request again gives the same answer."""
    conditions.check_type(request, conditions.FHIR)
    conditions.no_if_none_exist(request)
    resource = bodies.resource(request.body, "DocumentReference")
    to_ours.check(resource)
    order = prepared(actor, to_ours.order(resource, content=_inline, key=conditions.idempotency_key(request)))
    receipt = file(actor, order)
    if receipt.status == "quarantined":
        raise quarantined([receipt.document_id], receipt.reason)
    return _answer(request, actor, order, receipt)


def file(actor: Actor, order: Order) -> Receipt:
    """One order to the room, as a deposit or a replacement."""
    act = actions.replace if order.replaces else actions.deposit
    return act(actor=actor, order=order)


def prepared(actor: Actor, order: Order) -> Order:
    """The order with the sender as author where the document names nobody we can tell."""
    if order.authors:
        return order
    name = actor.name if actor.kind == "professional" else ""
    return replace(order, authors=(Author(name=name, institution=actor.institution_name),))


def findings(order: Order) -> list[Issue]:
    """What the sender should know of a filed document: what was corrected, and by which rule."""
    found = [Issue("informational", "The document is filed.", severity="information")]
    class_code = terminology.class_of(order.type_code)
    if order.class_code and order.class_code != class_code:
        found.append(
            Issue(
                "business-rule",
                f"The class is {class_code}: it follows from the type.",
                "DocumentReference.category",
                "X16",
                severity="warning",
            )
        )
    return found


def quarantined(ids: list[UUID], reason: str) -> Fault:
    """The document waits apart; nothing is told of the person (ID-1)."""
    if reason == "scanner-down":
        return Fault(503, Issue("transient", "The document cannot be scanned now; it is kept apart.", rule="T52"),
                     headers={"Retry-After": "60"})  # fmt: skip
    issues = [
        Issue(
            "business-rule",
            f"The identity is not certain; the document waits in quarantine under number {number}.",
            "DocumentReference.subject",
            "ID-1",
            "Check INS, birth name, first names, birth date, sex and place of birth, then send it again "
            "under a new masterIdentifier.",
        )
        for number in ids
    ]
    return Fault(422, *issues)


def _inline(attached: Mapping[str, Any], path: str) -> bytes:
    if "data" not in attached:
        raise fault(422, "required", "The document must be inside, in base64.", expression=f"{path}.data",
                    way_out="Nothing is fetched from an address; use attachment.data or a transaction.")  # fmt: skip
    return attachment.decode(attached["data"], f"{path}.data", settings.MAX_DOCUMENT_BYTES)


def _answer(request: Request, actor: Actor, order: Order, receipt: Receipt) -> Answer:
    logical_id = logical_ids.encode(receipt.person_id, receipt.document_id)
    headers = {
        "Location": f"{request.base}/DocumentReference/{logical_id}/_history/1",
        "ETag": to_fhir.etag(1),
    }
    if request.prefers("return=minimal"):
        return Answer(201, b"", headers)
    if request.prefers("return=representation"):
        card = reads.document_card(actor=actor, person_id=receipt.person_id, document_id=receipt.document_id)
        return json_answer(201, to_fhir.resource(card), headers)
    return json_answer(201, outcome.resource(findings(order)), headers)
