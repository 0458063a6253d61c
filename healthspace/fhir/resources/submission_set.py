"""Submission sets as Lists: kept with the last document of each, under that document's id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import orjson

from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.documents import reads as documents
from healthspace.fhir import codes, instants, logical_ids
from healthspace.fhir.outcome import not_found

Json = dict[str, Any]
_KEPT: Final = ("identifier", "extension", "title", "date", "note")


def kept(submission_set: Mapping[str, Any], members: Iterable[UUID]) -> Json:
    """What is sealed with the last document: the set's own words and its other documents."""
    found: Json = {name: submission_set[name] for name in _KEPT if name in submission_set}
    found["members"] = [str(member) for member in members]
    return found


def of_card(card: documents.Card) -> Json | None:
    """The set kept with this document, or None."""
    text = card.sheet.extras.get("fhir")
    found = orjson.loads(text).get("set") if text else None
    return found if isinstance(found, dict) else None


def read(*, actor: Actor, person_id: UUID, document_id: UUID) -> Json:
    """One submission set with those of its documents that this reader may open."""
    card = documents.document_card(actor=actor, person_id=person_id, document_id=document_id)
    held = of_card(card)
    if held is None:
        raise not_found()
    visible = [card]
    for member in held["members"]:
        try:
            found = documents.document_card(actor=actor, person_id=person_id, document_id=UUID(member))
        except Refused:
            continue
        visible.append(found)
    return resource(card, held, [one.id for one in visible])


def resource(card: documents.Card, held: Json, visible: Sequence[UUID]) -> Json:
    """The List of a set; it names only documents its reader can see."""
    found: Json = {
        "resourceType": "List",
        "id": logical_ids.encode(card.person_id, card.id),
        "meta": {"lastUpdated": instants.told(card.deposited_at)},
    }
    found |= {name: held[name] for name in ("extension", "identifier") if name in held}
    found |= {"status": "current", "mode": "working"}
    found |= {name: held[name] for name in ("title",) if name in held}
    found["code"] = codes.concept(codes.LIST_TYPES, "submissionset", "Submission Set")
    found["subject"] = {"reference": f"Patient/{card.person_id}"}
    found["date"] = held.get("date") or instants.told(card.deposited_at)
    found["source"] = {"display": card.author_place or card.author_name or "?"}
    found |= {name: held[name] for name in ("note",) if name in held}
    found["entry"] = [
        {"item": {"reference": f"DocumentReference/{logical_ids.encode(card.person_id, document_id)}"}}
        for document_id in sorted(visible, key=str)
    ]
    return found
