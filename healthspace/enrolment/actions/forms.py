"""Refusal slips that come back by post, scanned into a folder (ENR-8, ENR-12). For the worker's role.

A slip names its letter and its place by a number that only we can make. What cannot be read, or is about
nobody, becomes a case for a person to look at; the scan stays beside for them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.db.models import Q

from healthspace.common import clock, fault
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Invalid
from healthspace.common.ids import NIL
from healthspace.enrolment.actions import answers, noting
from healthspace.enrolment.actions.answering import By, parents_of
from healthspace.enrolment.adapters import scan
from healthspace.enrolment.models import Answer, Batch, Case
from healthspace.enrolment.rules import references
from healthspace.enrolment.rules.claims import NotAccepted
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces
from healthspace.vault import reads as vault

READ: Final = "read"
TO_LOOK_AT: Final = "to-look-at"
UNREADABLE: Final = "unreadable_form"
LATE: Final = "late_refusal"
ANSWERED_SINCE: Final = "slip_after_answer"
OPEN_TO_SLIPS: Final = frozenset({"not_informed", "informed", "open_inactive"})
_WHO: Final = (
    "SELECT person_id FROM enrolment_enrollee WHERE batch_id = %s AND place_in_batch = %s"
    " UNION SELECT person_id FROM enrolment_earlier_place WHERE batch_id = %s AND place_in_batch = %s"
)


@dataclass(slots=True)
class Report:
    """What became of a folder: files, pages, refusals noted, noted before, and what a person must look at.

    `faults`: (file, page, reason); a reason is "unreadable", "no_slip", "several_slips", "not_ours",
    "nobody", "late" or "answered_since" (the person answered after this letter was made).
    """

    files: int = 0
    pages: int = 0
    noted: int = 0
    noted_before: int = 0
    faults: list[tuple[str, int, str]] = field(default_factory=list)


def read_folder(
    folder: Path, *, posted_by: date | None = None, progress: Callable[[Report], None] = lambda report: None
) -> Report:
    """Read every scan of a folder once, note its refusals, and put it aside into `read` or `to-look-at`.

    `posted_by`: the postmarks are of this day or before; a refusal posted in time counts even after the
    opening (CRPA L112-1). Invalid for a day to come. Safe to stop at any point and to run again: a refusal is
    noted once, a case opened once.
    """
    if posted_by is not None and posted_by > clock.today():
        raise Invalid("posted_by", "ENR-8", "This day has not come yet.", "Give the day of the latest postmark.")
    report = Report()
    for path in sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in scan.KINDS):
        before = len(report.faults)
        _read_file(path, report, posted_by)
        fault.point("forms.noted")
        aside = folder / (READ if len(report.faults) == before else TO_LOOK_AT)
        aside.mkdir(exist_ok=True)
        path.replace(aside / _kept_name(path))
        report.files += 1
        progress(report)
    return report


def _kept_name(path: Path) -> str:
    """The scan is the signed proof, and scanners begin at scan0001 each day: the name says what it holds."""
    return f"{path.stem[:50]}-{_digest(path)[:16]}{path.suffix}"


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _read_file(path: Path, report: Report, posted_by: date | None) -> None:
    number = 0
    try:
        for number, texts in enumerate(scan.pages(path), start=1):
            report.pages += 1
            reason = _page(texts, report, posted_by)
            if reason:
                _look_at(path, number, reason, report)
    except scan.Unreadable:
        _look_at(path, number + 1, "unreadable", report)


def _page(texts: tuple[str, ...], report: Report, posted_by: date | None) -> str:
    """One sheet; "" when its refusal is noted, else why a person must look at it."""
    slips, is_foreign = _slips(texts)
    if not slips:
        return "not_ours" if is_foreign else "no_slip"
    if len(slips) > 1:  # an uncut sheet with several slips does not say which one is meant
        return "several_slips"
    person_id = _who(slips[0])
    return _note(person_id, slips[0], report, posted_by) if person_id else "nobody"


def _slips(texts: tuple[str, ...]) -> tuple[list[str], bool]:
    """References of real slips; whether a slip was there that we never printed."""
    found, is_foreign = [], False
    for text in texts:
        try:
            reference, mark = references.read_slip(text)
        except Invalid:
            is_foreign = is_foreign or text.upper().startswith("HSR")
            continue
        ours = vault.find_key("slip", reference).hex()[: references.SLIP_MARK]
        if hmac.compare_digest(ours, mark):
            found.append(reference)
        else:
            is_foreign = True
    return list(dict.fromkeys(found)), is_foreign


def _who(reference: str) -> UUID | None:
    batch_id, place = references.read(reference)
    with connection.cursor() as cursor:
        cursor.execute(_WHO, [batch_id, place, batch_id, place])
        rows = cursor.fetchall()
    return rows[0][0] if len(rows) == 1 else None


def _note(person_id: UUID, reference: str, report: Report, posted_by: date | None) -> str:
    """Write the refusal down; the sheet itself is the signed proof, kept by the post room.

    A slip serves once: the answer it makes carries an id made of it, so a second scan of it, or a copy in
    somebody else's hand, refuses nothing again.
    """
    slip_id = UUID(bytes=vault.find_key("slip-answer", reference)[:16])
    with transaction.atomic(durable=True):
        set_context(person_id)
        state = spaces.state(person_id)
        if state.state == "opposed" or Answer.objects.filter(person_id=person_id, id=slip_id).exists():
            report.noted_before += 1
            return ""
        if state.state in OPEN_TO_SLIPS and _has_answered_since(person_id, reference):
            _open_case(person_id, ANSWERED_SINCE, f"{person_id}:{reference}")
            return "answered_since"
        parent_id = next(iter(parents_of(person_id)), None)
        by = By("parent", SYSTEM, parent_id) if parent_id else By("holder", SYSTEM, person_id)
        try:
            answers.refuse(
                person_id, by=by, channel="post", language=state.language, answer_id=slip_id, posted_by=posted_by
            )
        except NotAccepted:
            _open_case(person_id, LATE, str(person_id))
            if state.state == "open_inactive":
                noting.order(person_id, noting.LATE, to=parent_id or person_id, is_child=parent_id is not None)
            return "late"
    report.noted += 1
    return ""


def _has_answered_since(person_id: UUID, reference: str) -> bool:
    """Whether the person said something after the letter of this slip was made: then only they know what counts."""
    made_at = Batch.objects.filter(id=references.read(reference)[0]).values_list("made_at", flat=True).first()
    rows = Answer.objects.filter(person_id=person_id)
    if made_at is not None:
        rows = rows.filter(Q(at__gt=made_at) | Q(undone_at__gt=made_at))
    return rows.exists()


def _look_at(path: Path, page: int, reason: str, report: Report) -> None:
    report.faults.append((path.name, page, reason))
    if reason in {"late", "answered_since"}:  # a case of the person, opened where it was found
        return
    digest = _digest(path)
    with transaction.atomic(durable=True):
        set_context(NIL)
        details = {"file": digest[:16], "page": page, "reason": reason}
        _open_case(NIL, UNREADABLE, f"{digest}:{page}", details)


def _open_case(person_id: UUID, kind: str, key: str, details: dict[str, object] | None = None) -> None:
    """One case for one sheet, however often it is read: its id comes from the scan."""
    case_id = uuid5(NIL, f"{kind}:{key}")
    if not Case.objects.filter(person_id=person_id, id=case_id).exists():
        Case.objects.create(person_id=person_id, id=case_id, kind=kind, details=details or {}, opened_at=clock.now())
