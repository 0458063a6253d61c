"""POST of a transaction: MHD Provide Document Bundle (ITI-65), all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from django.conf import settings

from healthspace.access.deed import deed
from healthspace.common.actor import Actor
from healthspace.documents.rules import Order, Receipt
from healthspace.fhir import bodies, bundle, conditions, logical_ids, outcome
from healthspace.fhir.exchange import Answer, Request, json_answer
from healthspace.fhir.interactions import create
from healthspace.fhir.outcome import Fault, Issue, fault
from healthspace.fhir.resources import submission_set
from healthspace.fhir.resources.document_reference import attachment, to_fhir, to_ours

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Place:
    """One document of the bundle: its entry, its order and the fullUrl of its Binary."""

    entry: int
    order: Order
    binary: str


def provide(request: Request, actor: Actor, _: str, __: str) -> Answer:
    """File a submission set; the same bundle again gives the same answer."""
    conditions.check_type(request, conditions.FHIR)
    submission = bundle.read(bodies.resource(request.body, "Bundle"))
    places = _places(submission, actor, conditions.idempotency_key(request))
    receipts = _file(actor, submission, places)
    if any(receipt.status == "quarantined" for receipt in receipts):
        raise create.quarantined([receipt.document_id for receipt in receipts], receipts[0].reason)
    return json_answer(200, _response(submission, places, receipts))


def _places(submission: bundle.Submission, actor: Actor, key: str) -> list[_Place]:
    found = []
    for number, (entry, document) in enumerate(submission.documents, start=1):
        path = f"Bundle.entry[{entry}].resource"
        to_ours.check(document, path)
        _check_comprehensive(document, path)
        order = to_ours.order(
            document,
            content=lambda attached, where: _content(submission, attached, where),
            resolve=submission.resolve,
            submission_id=submission.unique_id,
            key=f"{key}.{number}" if key else "",
            path=path,
        )
        found.append(_Place(entry, create.prepared(actor, order), str(document["content"][0]["attachment"]["url"])))
    if len({(place.order.identity.ins if place.order.identity else None) for place in found}) != 1:
        raise fault(422, "invariant", "All documents of a bundle are about one person.", expression="Bundle.entry")
    used = [place.binary for place in found]
    if len(set(used)) != len(used):
        raise fault(422, "invariant", "Two documents share one Binary.", expression="Bundle.entry")
    _check_no_orphans(submission, set(used))
    return found


def _check_comprehensive(document: Json, path: str) -> None:
    """What a Comprehensive DocumentReference has beyond a simplified one (PDSm)."""
    attached, context = document["content"][0]["attachment"], document.get("context", {})
    missing = [f"{path}.content[0].attachment.{name}" for name in ("url", "size", "hash") if name not in attached]
    missing += [f"{path}.context.{name}" for name in ("facilityType", "practiceSetting") if name not in context]
    if "start" not in context.get("period", {}):
        missing.append(f"{path}.context.period.start")
    if "masterIdentifier" not in document:
        missing.append(f"{path}.masterIdentifier")
    if missing:
        raise Fault(422, *(Issue("required", "PDSm asks for this element.", where) for where in missing))


def _check_no_orphans(submission: bundle.Submission, used: set[str]) -> None:
    for place, entry in enumerate(submission.entries):
        if entry["resource"]["resourceType"] == "Binary" and entry.get("fullUrl", "") not in used:
            raise fault(422, "invariant", "No document of the bundle uses this Binary.",
                        expression=f"Bundle.entry[{place}]")  # fmt: skip


def _content(submission: bundle.Submission, attached: Json, path: str) -> bytes:
    found = submission.resolve(str(attached.get("url", ""))) or {}
    if found.get("resourceType") != "Binary" or "data" not in found:
        raise fault(422, "not-found", "The bundle holds no Binary with data at this url.", expression=f"{path}.url")
    if str(found["contentType"]).split(";")[0] != str(attached["contentType"]).split(";")[0]:
        raise fault(422, "invariant", "Document and Binary differ in contentType.", expression=f"{path}.contentType")
    return attachment.decode(found["data"], f"{path}.url", settings.MAX_DOCUMENT_BYTES)


def _file(actor: Actor, submission: bundle.Submission, places: list[_Place]) -> list[Receipt]:
    if len(places) == 1:
        return [create.file(actor, _last(submission, places[0].order, []))]
    return _file_all(actor=actor, submission=submission, places=places)


@deed
def _file_all(*, actor: Actor, submission: bundle.Submission, places: list[_Place]) -> list[Receipt]:
    receipts: list[Receipt] = []
    for place in places:
        is_last = place is places[-1]
        order = _last(submission, place.order, receipts) if is_last else place.order
        receipts.append(create.file(actor, order))
    if len({receipt.status == "quarantined" for receipt in receipts}) > 1:
        raise fault(503, "transient", "Only a part of the bundle could be checked; nothing is kept.")
    return receipts


def _last(submission: bundle.Submission, order: Order, earlier: list[Receipt]) -> Order:
    """The last document carries its submission set, which then names the others."""
    kept = orjson.loads(order.extras["fhir"])
    kept["set"] = submission_set.kept(submission.submission_set, [receipt.document_id for receipt in earlier])
    text = orjson.dumps(kept).decode()
    if len(text) > 2 * to_ours.MAX_KEPT:
        raise fault(422, "too-long", "The submission set is too long.", expression="Bundle.entry")
    return replace(order, extras={**order.extras, "fhir": text})


def _response(submission: bundle.Submission, places: list[_Place], receipts: list[Receipt]) -> dict[str, Any]:
    by_entry = {place.entry: (place, receipt) for place, receipt in zip(places, receipts, strict=True)}
    by_binary = {place.binary: receipt for place, receipt in zip(places, receipts, strict=True)}
    entries = []
    for number, entry in enumerate(submission.entries):
        kind = entry["resource"]["resourceType"]
        if number in by_entry:
            place, receipt = by_entry[number]
            entries.append(_created(kind, receipt, outcome.resource(create.findings(place.order))))
        elif kind == "Binary":
            entries.append(_created(kind, by_binary[entry["fullUrl"]]))
        elif kind == "List":
            entries.append(_created(kind, receipts[-1]))
        else:
            entries.append({"response": {"status": "200 OK"}})
    return {"resourceType": "Bundle", "type": "transaction-response", "entry": entries}


def _created(kind: str, receipt: Receipt, told: Json | None = None) -> dict[str, Any]:
    logical_id = logical_ids.encode(receipt.person_id, receipt.document_id)
    response: dict[str, Any] = {"status": "201 Created", "location": f"{kind}/{logical_id}", "etag": to_fhir.etag(1)}
    if told is not None:
        response["outcome"] = told
    return {"response": response}
