"""What is done with clinical entries: keep them as they came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

import orjson
from django.db import connection

from healthspace.access import gate
from healthspace.access.deed import deed
from healthspace.common import ids
from healthspace.common.actor import Actor
from healthspace.profile import rules
from healthspace.vault import reads as vault

Resource = Mapping[str, Any]
_ADD: Final = (
    "INSERT INTO profile_entry (person_id, id, resource_type, sealed_resource, source_document_id, source_key,"
    " recorded_at, author_professional_id, author_institution_id) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
    " ON CONFLICT (person_id, source_key) DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many entries are new, and how many were here before."""

    new: int
    known: int


def keep(*, actor: Actor, person_id: UUID, resource: Resource, source_document_id: UUID | None = None) -> UUID:
    """Keep one FHIR resource in this person's profile; the same one again gives the same id."""
    source = rules.source_of(resource)
    drawn_from = {source: source_document_id} if source_document_id else {}
    keep_all(actor=actor, person_id=person_id, resources=(resource,), drawn_from=drawn_from)
    return entry_id(person_id, source)


@deed
def keep_all(
    *, actor: Actor, person_id: UUID, resources: Sequence[Resource], drawn_from: Mapping[str, UUID] | None = None
) -> Kept:
    """Keep many FHIR resources in one act, one line of the journal; those already here stay as they are.

    `drawn_from` names by `Type/id` the document that says the same: who may not see it sees no such entry.
    """
    standing = gate.enter(actor=actor, person_id=person_id)
    decision = gate.require(standing, "write_profile")
    sealer = gate.sealer(standing)
    rows = []
    for resource in resources:
        source = rules.source_of(resource)
        item = entry_id(person_id, source)
        sealed = sealer.seal(orjson.dumps(resource), item=item, part="resource:1")
        rows.append(
            (
                person_id,
                item,
                resource["resourceType"],
                sealed,
                (drawn_from or {}).get(source),
                source_key(person_id, source),
                standing.at,
                actor.professional_id,
                actor.institution_id,
            )
        )
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, rows)
        new = cursor.rowcount
    if new:
        gate.journal(standing, "profile_written", rule=decision.rule, details={"count": str(new)})
    return Kept(new=new, known=len(rows) - new)


def source_key(person_id: UUID, source: str) -> bytes:
    """The blind key by which a person's entry is found again."""
    return vault.find_key("source", f"{person_id}\0profile\0{source}")


def entry_id(person_id: UUID, source: str) -> UUID:
    """An entry's id: derived from its blind key, so that a repeated deposit names the same one."""
    return uuid5(ids.NIL, source_key(person_id, source).hex())
