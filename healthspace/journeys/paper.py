"""Signed forms that come back, scanned into a folder: read by their square, carried out once. For the worker's role."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import transaction

from healthspace.access import actions as access_actions
from healthspace.access import reads as access
from healthspace.common import clock
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.common.ids import NIL
from healthspace.documents.adapters import inspect, signs
from healthspace.documents.ports import Limits
from healthspace.enrolment.actions import answers, codes
from healthspace.enrolment.actions.answering import By
from healthspace.enrolment.adapters import scan
from healthspace.enrolment.rules.claims import NotAccepted
from healthspace.spaces import reads as spaces
from healthspace.vault.reads import KeyDestroyed

READ: Final = "read"
TO_LOOK_AT: Final = "to-look-at"
UNSIGNED: Final = "AST-5"
MOST_BYTES: Final = 5_000_000
ENDINGS: Final = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/tiff": ".tif"}


@dataclass(slots=True)
class Report:
    """What became of a folder. `faults`: (file, page, reason); a reason is "unreadable", "no_square", "not_ours",
    "several", "used", "old", "nobody" or "not_possible".
    """

    files: int = 0
    pages: int = 0
    done: int = 0
    faults: list[tuple[str, int, str]] = field(default_factory=list)


def take_in(folder: Path, *, progress: Callable[[Report], None] = lambda report: None) -> Report:
    """Read every scan of a folder once, carry its forms out, put it aside into `read` or `to-look-at`.

    Safe to stop at any point and to run again: a form serves once.
    """
    report = Report()
    for path in sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in scan.KINDS):
        before = len(report.faults)
        _file(path, report)
        aside = folder / (READ if len(report.faults) == before else TO_LOOK_AT)
        aside.mkdir(exist_ok=True)
        path.replace(aside / f"{path.stem[:50]}-{_digest(path)[:16]}{path.suffix}")
        report.files += 1
        progress(report)
    return report


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _file(path: Path, report: Report) -> None:
    number = 0
    try:
        for number, found in enumerate(scan.pages(path), start=1):
            report.pages += 1
            reason = _page(found)
            if reason:
                report.faults.append((path.name, number, reason))
            else:
                report.done += 1
    except scan.Unreadable:
        report.faults.append((path.name, number + 1, "unreadable"))


def _page(found: tuple[str, ...]) -> str:
    """One sheet; "" when its form is carried out, else why a person must look at it."""
    ours = {form for text in found if (form := access.read_form_text(text))}
    if len(ours) > 1:
        return "several"
    if not ours:
        return "not_ours" if found else "no_square"
    person_id, form_id = ours.pop()
    try:
        with transaction.atomic(durable=True):
            return _carry_out(person_id, form_id)
    except Conflict as conflict:
        return str(conflict)
    except Refused as refusal:
        return "nobody" if refusal.rule == "ABSENT" else "not_possible"
    except (NotAccepted, Invalid, KeyDestroyed):
        return "not_possible"


def _carry_out(person_id: UUID, form_id: UUID) -> str:
    form = access_actions.use_form(actor=SYSTEM, person_id=person_id, form_id=form_id)
    name = spaces.identity(person_id).name
    signer = Actor(kind="holder", id=NIL, name=name, person_id=person_id, on_paper=form.printed_by or name)
    who = {"actor": signer, "person_id": person_id}
    if form.kind in {"emergency_no", "emergency_yes"}:
        no = form.kind == "emergency_no"
        access_actions.change_emergency_choice(
            actor=signer, person_id=person_id, is_samu_opposed=no, is_break_glass_opposed=no, is_masked_opposed=no
        )
    elif form.kind == "attending" and form.professional_id is not None:
        access_actions.name_attending_doctor(**who, professional_id=form.professional_id)  # type: ignore[arg-type]
    elif form.kind == "new_code":
        codes.order_letter(person_id, codes.LETTER_DUE, clock.now(), to=person_id)
    elif form.kind == "close":
        language = spaces.state(person_id).language
        answers.close_for(person_id, by=By("holder", signer, person_id), channel="post", language=language)
    return ""


def take_mandate(*, actor: Actor, person_id: UUID, content: bytes) -> bool:
    """The signed sheet of consent, scanned at the desk: the session starts. False when it is not its sheet.

    Invalid or TooLarge for what is no picture of paper.
    """
    if not _is_its_sheet(actor, person_id, content):
        return False
    access_actions.start_by_paper(actor=actor, person_id=person_id, sheet=content)
    return True


def _is_its_sheet(actor: Actor, person_id: UUID, content: bytes) -> bool:
    """Looked at in the sandbox first; then the square of this very session must stand on a page."""
    found = inspect.inspect(content, _media_type(content), limits=Limits(max_bytes=MOST_BYTES))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sheet{ENDINGS[found.media_type]}"
        path.write_bytes(content)
        if scan.is_drawn(path):
            raise Invalid("sheet", UNSIGNED, "This is the file itself, not the signed sheet.", "Print, sign, scan.")
        try:
            squares = {text for page in scan.pages(path) for text in page}
        except scan.Unreadable:
            return False
    ours = {form for text in squares if (form := access.read_form_text(text))}
    for person, form_id in ours:
        if person == person_id:
            try:
                access_actions.use_form(actor=actor, person_id=person_id, form_id=form_id)
            except (Refused, Conflict):
                continue
            return True
    return False


def _media_type(content: bytes) -> str:
    """What the first bytes say; Invalid when it is no picture of paper."""
    kind = signs.MEDIA.get(signs.sniffed(content) or "", "")
    if kind not in ENDINGS:
        raise Invalid("sheet", "AST-4", "This file is no scan.", "Give a PDF, JPEG, PNG or TIFF.")
    return kind
