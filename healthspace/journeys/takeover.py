"""Moving older records in, folder by folder, before or after opening; closed ones stay out (ENR-10).

May be stopped and started again, or run twice: every document is known by its sender's identifier, every
right and every line of the older journal by its own.
"""

from __future__ import annotations

import hashlib
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import DataError, transaction

from healthspace.access import actions as access
from healthspace.access.rules import TAKEN_IN_STATES
from healthspace.common import fault
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import HealthspaceError, Invalid, Refused, TooLarge
from healthspace.documents import actions as documents
from healthspace.documents.rules import Order, Receipt
from healthspace.enrolment.actions import content as enrolment
from healthspace.journeys.load import patiently
from healthspace.journeys.loading import authors
from healthspace.journeys.loading.parcels import Line, Unreadable
from healthspace.journeys.taking import metadata, record
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces

METADATA: Final = "METADATA.XML"
REASONS_KEPT: Final = 10_000
# What a file that no sender should write may raise where it is used: such a record stays out, the others move in.
ODD: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, DataError)
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Taken:
    """What became of the records, their documents, their rights and lines; and why something stayed out."""

    records: int = 0
    closed: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    filed: int = 0
    duplicates: int = 0
    failed: int = 0
    rights_and_lines: int = 0
    reasons: list[Line] = field(default_factory=list)
    seconds: float = 0.0

    def leave_out(self, why: str) -> None:
        """Count a record that stays out."""
        self.left_out[why] = self.left_out.get(why, 0) + 1

    def fail(self, file: str, reason: str, document: str = "") -> None:
        """Count what could not be read or filed; the first ten thousand are told."""
        self.failed += 1
        if len(self.reasons) < REASONS_KEPT:
            self.reasons.append(Line(file, "failed", reason, document))


def takeover_on() -> date | None:
    """The takeover date of this installation; Invalid when it is no date."""
    try:
        return date.fromisoformat(settings.TAKEOVER_ON) if settings.TAKEOVER_ON else None
    except ValueError:
        raise Invalid("TAKEOVER_ON", "ENR-10", "TAKEOVER_ON is no date.", "Write 2026-11-24.") from None


def take_in(folder: Path, *, progress: Progress = lambda done, total: None) -> Taken:
    """Move every record under a folder in; for the worker's role."""
    taken, begun, last_day = Taken(), time.monotonic(), takeover_on()
    found = list(_records(folder))
    for number, path in enumerate(found, 1):
        name = str(path.parent.relative_to(folder))
        try:
            _take(path, name, taken, last_day)
        except HealthspaceError as why:
            taken.fail(name, _reason(why))
        except OSError as why:
            taken.fail(name, why.strerror or "unreadable")
        except ODD:
            taken.fail(name, "unreadable")
        progress(number, len(found))
    taken.seconds = time.monotonic() - begun
    return taken


def _records(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise Unreadable("no-folder")
    yield from sorted(path for path in folder.rglob("*") if path.name.upper() == METADATA and path.is_file())


def _take(path: Path, name: str, taken: Taken, last_day: date | None) -> None:
    older = record.read(path.parent)
    taken.records += 1
    if older.is_closed:
        taken.closed += 1
        return
    record.refuse_if_too_new(older.created_on, last_day)
    person_id = spaces.find_person(spaces.parse_ins(older.matricule, older.oid))
    state = _state(person_id) if person_id else "unknown"
    if person_id is None or state not in TAKEN_IN_STATES:
        taken.leave_out(state)
        return
    entries = metadata.read(path)
    if any(entry.patient.partition("^")[0] != older.matricule for entry in entries):
        raise Unreadable("patient-differs")
    taken.rights_and_lines += access.take_over(
        actor=SYSTEM, person_id=person_id, ties=record.ties(older), traces=record.traces(older)
    )
    fault.point("takeover.after_rights")  # blocks stand before anybody can read a document
    _file_all(entries, person_id, name, taken)
    fault.point("takeover.before_note")
    access.note_taken_over(actor=SYSTEM, person_id=person_id)
    with transaction.atomic():
        enrolment.note_old_record([person_id])


def _state(person_id: UUID) -> str:
    with transaction.atomic():
        set_context(person_id)
        return spaces.states([person_id]).get(person_id, "unknown")


def _file_all(entries: list[metadata.Entry], person_id: UUID, name: str, taken: Taken) -> None:
    filed: dict[str, UUID] = {}
    for entry in entries:
        try:
            receipt = _file(entry, person_id, filed.get(entry.replaces))
        except HealthspaceError as why:
            taken.fail(name, _reason(why), entry.unique_id)
        except OSError as why:
            taken.fail(name, why.strerror or "unreadable", entry.unique_id)
        except ODD:
            taken.fail(name, "unreadable", entry.unique_id)
        else:
            filed[entry.key] = receipt.document_id
            taken.filed += receipt.status == "filed"
            taken.duplicates += receipt.status == "duplicate"
            fault.point("takeover.after_document")


def _file(entry: metadata.Entry, person_id: UUID, replaces_id: UUID | None) -> Receipt:
    order = Order(
        type_code=entry.type_code,
        title=entry.title,
        media_type=entry.media_type,
        content=_content(entry),
        made_at=entry.created_at,
        source_id=entry.unique_id,
        person_id=person_id,
        service_start=entry.service_start,
        service_stop=entry.service_stop,
        authors=entry.authors,
        setting_code=entry.setting_code,
        facility_code=entry.facility_code,
        language=entry.language,
        confidentiality=entry.confidentiality,
    )
    older = documents.Older(
        order=order,
        author=_author(entry, order, person_id),
        filed_at=entry.created_at,
        is_superseded=entry.is_superseded,
        replaces_id=replaces_id,
    )
    return patiently(lambda: documents.take_over(actor=SYSTEM, older=older))


def _author(entry: metadata.Entry, order: Order, person_id: UUID) -> Actor:
    if entry.is_by_patient:
        return Actor(kind="holder", id=person_id, name="", person_id=person_id)
    return authors.actor_of(order, SYSTEM)


def _content(entry: metadata.Entry) -> bytes:
    """The document's bytes, whole: size and SHA-1 as the metadata say (ITI-3, 4.2.3.2.10)."""
    found = entry.file.stat()
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable("no-file")
    if found.st_size > settings.MAX_DOCUMENT_BYTES:
        raise TooLarge(settings.MAX_DOCUMENT_BYTES)
    content = entry.file.read_bytes()
    if entry.size not in {-1, len(content)}:
        raise Unreadable("size-differs")
    if entry.digest and hashlib.sha1(content, usedforsecurity=False).hexdigest() != entry.digest:
        raise Unreadable("digest-differs")
    return content


def _reason(why: HealthspaceError) -> str:
    """A code for the report; never the content of a file."""
    if isinstance(why, Unreadable):
        return why.reason
    return f"{why.code}: {why.rule}" if isinstance(why, Invalid | Refused) else why.code
