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
from healthspace.enrolment.actions import cases, codes, confirmations, noting, own_way
from healthspace.enrolment.actions.lines import journal
from healthspace.enrolment.adapters import private, short_mail, single_letter, wording
from healthspace.enrolment.adapters.short_mail import Words
from healthspace.enrolment.adapters.single_letter import Sheet
from healthspace.enrolment.models import Case
from healthspace.enrolment.reads import addressees
from healthspace.enrolment.rules import claims as rules
from healthspace.enrolment.rules import texts, window
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces

KINDS: Final = (
    *(codes.LETTER_DUE, confirmations.REFUSAL_LETTER, confirmations.CHILD_LETTER),
    *(noting.LETTER, own_way.LETTER),
)
PORTION: Final = 1000
NO_ADDRESS: Final = "no_address"


@dataclass(slots=True)
class Printed:
    """What a print run made: letters, files; orders for whom no postal address is known."""

    letters: int = 0
    files: int = 0
    without_address: int = 0


def print_ordered(folder: Path) -> Printed:
    """Write the letters that were ordered into print files; each order is settled with its file.

    A stop between the file and its settling writes the same letters, with the same codes, into it again.
    Several may run at once: each order is one run's. Whoever has no postal address becomes a case.
    """
    done = Printed()
    private.folder(folder)
    while True:
        with transaction.atomic(durable=True):
            waiting = Case.objects.select_for_update(of=("self",), skip_locked=True)
            orders = list(waiting.filter(kind__in=KINDS, settled_at=None).order_by("opened_at", "id")[:PORTION])
            if not orders:
                return done
            _one_file(orders, folder, done)


def _one_file(orders: list[Case], folder: Path, done: Printed) -> None:
    at = clock.now()
    known = addressees.addressees({UUID(order.details["to"]) for order in orders})
    sheets: list[Sheet] = []
    outcomes = [(order, _sheet(order, known.get(UUID(order.details["to"])), at, sheets)) for order in orders]
    if sheets:
        path = folder / f"single-letters-{orders[0].id.hex[:12]}.pdf"
        done.letters += single_letter.write(
            path, sheets, at=at, sender=wording.sender(), window_name=settings.LETTER_WINDOW
        )
        done.files += 1
        fault.point("ordered.written")
    for order, outcome in outcomes:
        set_context(order.person_id)
        Case.objects.filter(person_id=order.person_id, id=order.id).update(settled_at=at, outcome=outcome)
    lost = {UUID(order.details["to"]) for order, outcome in outcomes if outcome == NO_ADDRESS}
    done.without_address += sum(outcome == NO_ADDRESS for _, outcome in outcomes)
    cases.open_once(lost, kind=cases.UNREACHABLE)


def _sheet(order: Case, to: addressees.Addressee | None, at: datetime, sheets: list[Sheet]) -> str:
    """Add the letter of an order to the sheets; the order's outcome."""
    given = noting.sealed_lines(order) if order.kind == noting.LETTER else ()
    if given:
        language = spaces.state(order.person_id).language
        sheets.append(Sheet(given, noting.words_of(order, language), language))
        return "printed"
    if to is None or not to.lines:
        return NO_ADDRESS
    words = _words(order, at, to.language)
    if words is None:
        return "not_needed"
    sheets.append(Sheet((to.identity.name, *to.lines), words, to.language))
    return "printed"


def _words(case: Case, at: datetime, language: str) -> Words | None:
    """The words of one letter, its code made; None when it is no longer needed."""
    set_context(case.person_id)
    if case.kind == confirmations.CHILD_LETTER:
        return short_mail.told(language=language)
    if case.kind == noting.LETTER:
        return noting.words_of(case, language)
    if case.kind == own_way.LETTER:
        return own_way.words(case, at, language)
    is_child = rules.is_minor(spaces.identity(case.person_id).traits.born_on, clock.today())
    if case.kind == codes.LETTER_DUE:
        return _new_code(case, at, language, is_child=is_child)
    answer = confirmations.standing(case.person_id, case.other_id or NIL, at)
    if answer is None or answer.undo_until is None:
        return None
    code = codes.fresh_code(case.person_id, UUID(case.details["fact"]))
    until = texts.day(window.last_day(answer.undo_until), language)
    return short_mail.refused(code, until=until, is_child=is_child, language=language)


def _new_code(case: Case, at: datetime, language: str, *, is_child: bool) -> Words | None:
    state = spaces.state(case.person_id).state
    is_lost = codes.is_lost(case.person_id, state)
    is_without_way = codes.is_without_way(case.person_id, state)
    if (is_lost or is_without_way) and case.details["to"] != str(case.person_id):
        return None  # ordered through a parent while the person was a minor
    if is_without_way:
        return own_way.words(case, at, language)
    if state not in codes.ANSWERABLE and not is_lost:
        return None
    if is_lost and (is_child or UUID(case.details["to"]) != case.person_id):
        return None  # ordered to a parent before there was an account
    code = codes.fresh_code(case.person_id, case.id)
    expires_at = window.code_expires(at)
    purpose = codes.RECOVER if is_lost else codes.ANSWER
    codes.issue_one(person_id=case.person_id, purpose=purpose, code=code, at=at, expires_at=expires_at)
    journal(case.person_id, SYSTEM, "code_sent", "ENR-5")
    if is_lost:
        return short_mail.lost_account(code, language=language)
    return short_mail.new_code(code, is_child=is_child, state=state, language=language)
