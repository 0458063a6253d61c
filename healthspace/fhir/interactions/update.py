"""Changing a DocumentReference: withdraw it, mask it, show it; the bytes never change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from healthspace.common.actor import Actor
from healthspace.common.errors import Conflict, Refused
from healthspace.documents import actions, reads
from healthspace.documents.rules import HIDDEN_FROM_HOLDER, HIDDEN_FROM_REPRESENTATIVES, MASKED
from healthspace.fhir import bodies, conditions, elements, json_patch, logical_ids, outcome
from healthspace.fhir.exchange import Answer, Request, json_answer
from healthspace.fhir.outcome import Fault, Issue, fault
from healthspace.fhir.resources.document_reference import labels, to_fhir

_VISIBILITY: Final = {
    (HIDDEN_FROM_HOLDER, True): "hide_from_holder",
    (HIDDEN_FROM_HOLDER, False): "reveal_to_holder",
    (HIDDEN_FROM_REPRESENTATIVES, True): "hide_from_representatives",
    (HIDDEN_FROM_REPRESENTATIVES, False): "reveal_to_representatives",
}
WITHDRAWN: Final = "entered-in-error"


def put(request: Request, actor: Actor, logical_id: str, _: str) -> Answer:
    """PUT with status entered-in-error: the author withdraws the document (TD3.3c)."""
    conditions.check_type(request, conditions.FHIR)
    resource = bodies.resource(request.body, "DocumentReference")
    issues = elements.check(resource, "DocumentReference")
    if issues:
        raise Fault(422, *issues)
    if resource.get("id") != logical_id:
        raise fault(400, "invalid", "The id of the body is not that of the address.", expression="DocumentReference.id")
    if resource["status"] != WITHDRAWN:
        raise fault(422, "not-supported", "A PUT can only withdraw a document.", expression="DocumentReference.status",
                    way_out="Mask by PATCH of securityLabel; correct by a new document that replaces it.")  # fmt: skip
    return _withdraw(request, actor, logical_id)


def patch(request: Request, actor: Actor, logical_id: str, _: str) -> Answer:
    """PATCH (RFC 6902) of securityLabel or status, one change at a time (TD3.3a-c)."""
    conditions.check_type(request, conditions.PATCH)
    wished = bodies.loads(request.body)
    json_patch.check(wished, ("securityLabel", "status"))
    person_id, document_id = logical_ids.decode(logical_id)
    card = reads.document_card(actor=actor, person_id=person_id, document_id=document_id)
    if conditions.wanted_version(request) not in {None, card.version}:
        raise _changed_meanwhile()
    before = to_fhir.resource(card)
    after = json_patch.apply({name: before[name] for name in ("securityLabel", "status")}, wished)
    if after.get("status") == WITHDRAWN:
        with _seen_but_not_theirs():
            return _withdraw(request, actor, logical_id)
    if after.get("status") != before["status"]:
        raise fault(422, "not-supported", "The only other status is entered-in-error.", expression="status")
    with _seen_but_not_theirs():
        changes = _relabel(actor, card, after.get("securityLabel", []))
    # Not read again: who masks a document may not be among those who can read it now.
    done = Issue("informational", "The document is as you asked.", severity="information")
    return json_answer(200, outcome.resource([done]), {"ETag": to_fhir.etag(card.version + changes)})


def _withdraw(request: Request, actor: Actor, logical_id: str) -> Answer:
    person_id, document_id = logical_ids.decode(logical_id)
    version = conditions.wanted_version(request)
    try:
        actions.delete(actor=actor, person_id=person_id, document_id=document_id, if_version=version)
    except Conflict:
        raise _changed_meanwhile() from None
    return Answer(200)


@contextmanager
def _seen_but_not_theirs() -> Iterator[None]:
    """Who just read a document knows that it is there: refusing its change can be said plainly."""
    try:
        yield
    except Refused as refusal:
        raise Fault(403, Issue("forbidden", "You may not change this of the document.", rule=refusal.rule)) from None


def _changed_meanwhile() -> Fault:
    return fault(412, "conflict", "The document is no longer of this version.", way_out="Read it again.")


def _relabel(actor: Actor, card: reads.Card, wished: object) -> int:
    """From the labels as they are to those wished; how many things changed: one or none."""
    issues = elements.check({"status": "current", "content": [{"attachment": {"title": "-"}}], "securityLabel": wished},
                            "DocumentReference") if wished else []  # fmt: skip
    if issues or not isinstance(wished, list):
        raise Fault(422, *(issues or [Issue("structure", "securityLabel is a list.", "securityLabel")]))
    now = labels.codes_of(card)
    target = labels.read(wished, "securityLabel") & labels.CHANGEABLE
    changes = sorted(now ^ target)
    if len(changes) > 1:
        raise fault(422, "not-supported", "One change at a time.", expression="securityLabel",
                    way_out=f"Now: {', '.join(sorted(now)) or 'N'}.")  # fmt: skip
    for code in changes:
        _change(actor, card, code, code in target)
    return len(changes)


def _change(actor: Actor, card: reads.Card, code: str, is_set: object) -> None:
    if code == MASKED:
        act = actions.mask if is_set else actions.unmask
        act(actor=actor, person_id=card.person_id, document_id=card.id, if_version=card.version)
    else:
        actions.change_visibility(
            actor=actor,
            person_id=card.person_id,
            document_id=card.id,
            ask=_VISIBILITY[code, bool(is_set)],
            if_version=card.version,
        )
