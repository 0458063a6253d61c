"""Making copies of whole spaces, part by part, for the worker (CLO-5): a part is made, sealed, and noted.

Killed in between, the next turn goes on with the next part; a document is in one part only.
"""

from __future__ import annotations

import io
import logging
import time
import zipfile
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import translation

from healthspace.common import fault
from healthspace.common.errors import HealthspaceError, Refused
from healthspace.documents import actions as documents
from healthspace.documents.reads import copies
from healthspace.documents.reads.copies import Asked
from healthspace.journeys.exporting import contents, own
from healthspace.journeys.exporting.items import Item, items
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces
from healthspace.vault.reads import CannotUnseal, KeyDestroyed

AGAIN_SECONDS: Final = 600.0
_LOG: Final = logging.getLogger(__name__)
_later: Final[dict[UUID, float]] = {}
PART_BYTES: Final = 32 * 1024 * 1024


def make_due() -> int:
    """Make one part of the copy that waits longest and can be made; 1 if there was one. For the worker's schedule."""
    now = time.monotonic()
    for copy_id in [one for one, until in _later.items() if until <= now]:
        del _later[copy_id]
    for person_id, copy_id in copies.asked_copies(len(_later) + 1):
        if copy_id in _later:
            continue
        try:
            _make_part(person_id, copy_id)
        except (Refused, CannotUnseal, KeyDestroyed):  # closed or destroyed meanwhile: nobody may have it any more
            documents.finish_copy(person_id=person_id, copy_id=copy_id, is_ready=False)
        except (HealthspaceError, OSError) as error:  # it waits a while; the copies behind it do not
            _LOG.error("a copy of a space could not be made now: %s", type(error).__name__)
            _later[copy_id] = now + AGAIN_SECONDS
        return 1
    return 0


def _make_part(person_id: UUID, copy_id: UUID) -> None:
    asked = _asked(person_id, copy_id)
    if asked is None:
        return
    cards = copies.documents_to_copy(actor=asked.actor, person_id=person_id, up_to=asked.asked_at)
    questions = own.questions(asked)
    done = {one for part in asked.parts for one in part.documents}
    rest = [item for item in items(asked, cards, questions) if item.id not in done]
    chosen, number = _fitting(rest), len(asked.parts) + 1
    if chosen or not asked.parts:
        with translation.override(asked.language):
            sheets = () if asked.parts else tuple(contents.files(asked, cards, questions))
        part = documents.Part(f"health-space-{asked.asked_at:%Y-%m-%d}-{number}.zip", _zip(sheets, chosen))
        ids = [item.id for item in chosen]
        documents.keep_part(person_id=person_id, copy_id=copy_id, number=number, part=part, document_ids=ids)
        fault.point("export.after_part")
    if len(chosen) == len(rest):
        documents.finish_copy(person_id=person_id, copy_id=copy_id, is_ready=True)


def _asked(person_id: UUID, copy_id: UUID) -> Asked | None:
    with transaction.atomic():
        set_context(person_id)
        if spaces.states([person_id]).get(person_id) not in spaces.OPEN_STATES:
            raise Refused("CLO-1")
        return copies.asked(person_id, copy_id)


def _fitting(rest: Sequence[Item]) -> list[Item]:
    """The first bodies that fill one part; at least one."""
    chosen: list[Item] = []
    size = 0
    for item in rest:
        if chosen and size + item.size > PART_BYTES:
            break
        chosen.append(item)
        size += item.size
    return chosen


def _zip(sheets: Sequence[tuple[str, bytes]], chosen: Sequence[Item]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in sheets:
            packed.writestr(name, content)
        for item in chosen:
            try:
                content = item.read()
            except Refused:  # withdrawn by its author since, or its year is over
                continue
            packed.writestr(item.name, content, zipfile.ZIP_STORED if item.is_packed else zipfile.ZIP_DEFLATED)
    return out.getvalue()
