"""Copies of a whole space: asked for, kept part by part, downloaded, gone after seven days (CLO-5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import orjson
from django.db import transaction

from healthspace.access import gate
from healthspace.access.deed import deed
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.ids import new_id
from healthspace.documents import events
from healthspace.documents.models import SpaceCopy, SpaceCopyPart
from healthspace.documents.reads import copies
from healthspace.outbox import actions as outbox
from healthspace.schema.context import set_context
from healthspace.vault import actions as vault
from healthspace.vault import reads as keys

KEPT: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Part:
    """One ZIP of a copy, with its bytes."""

    name: str
    content: bytes


@deed
def ask_copy(*, actor: Actor, person_id: UUID, language: str) -> UUID:
    """The holder or a parent asks for a copy of everything; the same one while it is not made yet."""
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, copies.ASK).rule
    waiting = SpaceCopy.objects.filter(person_id=person_id, asked_by_id=actor.id, state="asked").first()
    if waiting is not None:
        return waiting.id
    copy_id = new_id()
    own = str(actor.own_person_id or "")
    told = orjson.dumps({"name": actor.name, "language": language, "own_person_id": own})
    SpaceCopy.objects.create(
        person_id=person_id,
        id=copy_id,
        asked_by_kind=actor.kind,
        asked_by_id=actor.id,
        asked_at=standing.at,
        sealed=gate.sealer(standing).seal(told, item=copy_id, part="copy:1"),
    )
    gate.journal(standing, "export_asked", rule=rule, item_id=copy_id)
    return copy_id


@deed
def open_copy(*, actor: Actor, person_id: UUID, copy_id: UUID, number: int) -> Part:
    """One part for whoever asked for the copy, within its seven days; journalled before a byte leaves."""
    standing = gate.enter(actor=actor, person_id=person_id)
    try:
        rule = gate.require(standing, copies.ASK).rule
    except gate.RefusedHere as refusal:
        raise gate.RefusedHere(standing, "download_export", copy_id, refusal.rule) from None
    own = SpaceCopy.objects.filter(
        person_id=person_id, id=copy_id, asked_by_id=actor.id, state="ready", expires_at__gt=standing.at
    )
    row = SpaceCopyPart.objects.filter(person_id=person_id, copy_id=copy_id, number=number).first()
    if row is None or not own.exists():
        raise gate.absent(standing, "download_export", copy_id)
    name = copies.part_card(row, gate.sealer(standing)).name
    content = keys.open_blob(person_id=person_id, item=row.id, blob=row.blob)
    gate.journal(standing, "export_downloaded", rule=rule, item_id=copy_id, details={"part": str(number)})
    return Part(name, content)


@transaction.atomic
def keep_part(*, person_id: UUID, copy_id: UUID, number: int, part: Part, document_ids: Sequence[UUID]) -> None:
    """Seal one finished ZIP; for the worker that makes it."""
    set_context(person_id)
    part_id = new_id()
    told = {"name": part.name, "size": len(part.content), "documents": [str(one) for one in document_ids]}
    SpaceCopyPart.objects.create(
        person_id=person_id,
        id=part_id,
        copy_id=copy_id,
        number=number,
        blob=vault.store_blob(person_id=person_id, item=part_id, content=part.content),
        sealed=keys.sealer(person_id).seal(orjson.dumps(told), item=part_id, part="copy_part:1"),
    )


@transaction.atomic
def finish_copy(*, person_id: UUID, copy_id: UUID, is_ready: bool) -> None:
    """All parts are there and its asker is told; or it cannot be made, which the page says. For the worker."""
    set_context(person_id)
    at = clock.now()
    changes: dict[str, object] = {"state": "failed"}
    if is_ready:
        changes = {"state": "ready", "ready_at": at, "expires_at": at + KEPT}
    if SpaceCopy.objects.filter(person_id=person_id, id=copy_id, state="asked").update(**changes) and is_ready:
        outbox.publish(person_id=person_id, fact=events.CopyReady(person_id, copy_id))


def remove_expired() -> int:
    """Remove copies whose seven days are over, bodies after rows; how many. For the worker's schedule."""
    found = copies.expired_copies(clock.now())
    for person_id, copy_id in found:
        for blob in _forget(person_id, copy_id):
            vault.delete_blob(blob=blob)
    return len(found)


@transaction.atomic
def _forget(person_id: UUID, copy_id: UUID) -> list[str]:
    set_context(person_id)
    parts = SpaceCopyPart.objects.filter(person_id=person_id, copy_id=copy_id)
    blobs = list(parts.values_list("blob", flat=True))
    parts.delete()
    SpaceCopy.objects.filter(person_id=person_id, id=copy_id).update(state="gone")
    return blobs
