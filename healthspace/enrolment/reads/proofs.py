"""The certificate of an answer, for whoever gave it: made again, byte for byte, whenever it is asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from healthspace.common.errors import Refused
from healthspace.enrolment.adapters import proof as certificate
from healthspace.enrolment.adapters import wording
from healthspace.enrolment.models import Answer
from healthspace.schema.context import set_context
from healthspace.vault import reads as vault

PART: Final = "answer:1"


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """An answer as a page tells it."""

    id: UUID
    kind: str
    channel: str
    at: datetime
    undo_until: datetime | None
    undone_at: datetime | None


def proof(*, person_id: UUID, answer_id: UUID | None = None) -> bytes:
    """The certificate of this answer, or of the last one, as PDF; Refused (ABSENT) when there is none.

    The caller has proved to be the person or the parent: by a claim, or signed in.
    """
    with transaction.atomic():
        set_context(person_id)
        rows = Answer.objects.filter(person_id=person_id)
        row = (rows.filter(id=answer_id) if answer_id else rows.order_by("-at", "-kind")).first()
        if row is None:
            raise Refused("ABSENT")
        sealer = vault.journal_sealer(person_id)  # a closing is proved while the space lies in the archive
        kept: dict[str, Any] = json.loads(sealer.unseal(bytes(row.sealed), item=row.id, part=PART))
    return certificate.write(
        certificate.Proof(
            kind=row.kind,  # type: ignore[arg-type]  # the kinds that `answering.keep` writes
            number=str(row.id),
            name=kept["name"],
            by_kind=row.by_kind,  # type: ignore[arg-type]  # as above
            channel=row.channel,  # type: ignore[arg-type]  # as above
            at=row.at,
            said=kept["said"],
            text_version=row.text_version,
            text_digest=row.text_digest,
            language=kept["language"],
            sender=wording.sender(),
            undo_until=row.undo_until,
            by_name=kept["by_name"],
        )
    )


def answers(person_id: UUID) -> list[AnswerCard]:
    """The answers of a person, newest first."""
    with transaction.atomic():
        set_context(person_id)
        rows = Answer.objects.filter(person_id=person_id).order_by("-at", "-kind")
        return [AnswerCard(row.id, row.kind, row.channel, row.at, row.undo_until, row.undone_at) for row in rows]
