"""Single letters that were ordered: new codes, confirmations of refusals, news for the other parent. Worker's role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from healthspace.common import clock, fault
from healthspace.common.actor import SYSTEM
from healthspace.common.ids import NIL
from healthspace.enrolment.actions import codes, confirmations
from healthspace.enrolment.actions.lines import journal
from healthspace.enrolment.adapters import short_mail, single_letter, wording
from healthspace.enrolment.adapters.short_mail import Words
from healthspace.enrolment.adapters.single_letter import Sheet
from healthspace.enrolment.models import Answer, Case
from healthspace.enrolment.reads import addressees
from healthspace.enrolment.rules import claims as rules
from healthspace.enrolment.rules import texts, window
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces

KINDS: Final = (codes.LETTER_DUE, confirmations.REFUSAL_LETTER, confirmations.CHILD_LETTER)
PORTION: Final = 1000


@dataclass(slots=True)
class Printed:
    """What a print run made: letters, files; orders for whom no postal address is known."""

    letters: int = 0
    files: int = 0
    without_address: int = 0


def print_ordered(folder: Path) -> Printed:
    """Write the letters that were ordered into print files; each order is settled with its file.

    A stop between the file and its settling writes the same letters, with the same codes, into it again.
    """
    done, failed = Printed(), set[UUID]()
    folder.mkdir(parents=True, exist_ok=True)
    while True:
        waiting = Case.objects.filter(kind__in=KINDS, settled_at=None).exclude(id__in=failed)
        cases = list(waiting.order_by("opened_at", "id")[:PORTION])
        if not cases:
            return done
        with transaction.atomic(durable=True):
            failed |= _one_file(cases, folder, done)


def _one_file(cases: list[Case], folder: Path, done: Printed) -> set[UUID]:
    at = clock.now()
    known = addressees.addressees({UUID(case.details["to"]) for case in cases})
    sheets, failed, settled = [], set(), []
    for case in cases:
        to = known.get(UUID(case.details["to"]))
        if to is None or not to.lines:
            failed.add(case.id)
            continue
        words = _words(case, at, to.language)
        settled.append((case, "printed" if words else "not_needed"))
        if words:
            sheets.append(Sheet((to.identity.name, *to.lines), words, to.language))
    done.without_address += len(failed)
    if sheets:
        path = folder / f"single-letters-{cases[0].id.hex[:12]}.pdf"
        done.letters += single_letter.write(
            path, sheets, at=at, sender=wording.sender(), window_name=settings.LETTER_WINDOW
        )
        done.files += 1
        fault.point("ordered.written")
    for case, outcome in settled:
        set_context(case.person_id)
        Case.objects.filter(person_id=case.person_id, id=case.id).update(settled_at=at, outcome=outcome)
    return failed


def _words(case: Case, at: datetime, language: str) -> Words | None:
    """The words of one letter, its code made; None when it is no longer needed."""
    set_context(case.person_id)
    if case.kind == confirmations.CHILD_LETTER:
        return short_mail.told(language=language)
    is_child = rules.is_minor(spaces.identity(case.person_id).traits.born_on, clock.today())
    if case.kind == codes.LETTER_DUE:
        return _new_code(case, at, language, is_child=is_child)
    answer = Answer.objects.filter(person_id=case.person_id, id=case.other_id or NIL, undone_at=None).first()
    if answer is None or answer.undo_until is None or answer.undo_until <= at:
        return None
    code = codes.fresh_code(case.person_id, UUID(case.details["fact"]))
    until = texts.day(window.last_day(answer.undo_until), language)
    return short_mail.refused(code, until=until, is_child=is_child, language=language)


def _new_code(case: Case, at: datetime, language: str, *, is_child: bool) -> Words | None:
    if spaces.state(case.person_id).state not in codes.ANSWERABLE:
        return None
    code = codes.fresh_code(case.person_id, case.id)
    expires_at = window.code_expires(at)
    codes.issue_one(person_id=case.person_id, purpose=codes.ANSWER, code=code, at=at, expires_at=expires_at)
    journal(case.person_id, SYSTEM, "code_sent", "ENR-5")
    return short_mail.new_code(code, is_child=is_child, language=language)
