"""Telling what was answered on the channels known before the answer: a mail, else a letter (T4, T25)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final
from uuid import UUID

import orjson

from healthspace.common import clock
from healthspace.common.errors import Refused
from healthspace.common.ids import new_id
from healthspace.enrolment.actions.codes import mail_of
from healthspace.enrolment.adapters import short_mail
from healthspace.enrolment.adapters.short_mail import Words
from healthspace.enrolment.models import Answer, Case, Enrollee
from healthspace.enrolment.reads import addressees, proofs
from healthspace.enrolment.rules import claims as rules
from healthspace.schema.context import set_context
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import Identity
from healthspace.vault import reads as vault

LETTER: Final = "answer_letter"
LATE: Final = "late"
PART: Final = "paper:1"
TAKEN_BACK: Final = frozenset({"withdrawn", "undone"})


def confirm(*, person_id: UUID, answer_id: UUID, kind: str, fact_id: UUID) -> None:
    """Tell the person of an answer given for them, wherever they could be reached before it.

    A child's parents are told in their own spaces. A closing is told by the space's own mail.
    """
    row = Answer.objects.filter(person_id=person_id, id=answer_id).first()
    if row is None or not row.sealed:
        return
    kept = json.loads(vault.journal_sealer(person_id).unseal(bytes(row.sealed), item=answer_id, part=proofs.PART))
    state = spaces.state(person_id)
    is_past = kind in TAKEN_BACK and state.state == "opposed"
    if kind == "closed" or is_past or _is_childs(person_id, kept):
        return
    address, language = str(kept.get("email", "")), state.language
    if address:
        short_mail.send(address, short_mail.answered(kind, is_child=False, language=language), message_id=fact_id)
    elif kind != "undone":  # undone with the code of a letter to this very address, or before that letter left
        order(person_id, kind, to=person_id, other_id=answer_id)


def _is_childs(person_id: UUID, kept: dict[str, Any]) -> bool:
    """A minor with a parent in the register."""
    born_on = date.fromisoformat(kept["born_on"])
    row = Enrollee.objects.filter(person_id=person_id, id=person_id).first()
    return rules.is_minor(born_on, clock.today()) and row is not None and row.parent_id is not None


def tell_parent(*, person_id: UUID, answer_id: UUID, kind: str, fact_id: UUID) -> None:
    """Tell a parent of what was answered for a child; in the context of that parent."""
    try:
        language = spaces.state(person_id).language
    except Refused:
        return
    address = mail_of(person_id)
    if address:
        short_mail.send(address, short_mail.answered(kind, is_child=True, language=language), message_id=fact_id)
    else:
        order(person_id, kind, to=person_id, other_id=answer_id, is_child=True)


def order(
    person_id: UUID,
    kind: str,
    *,
    to: UUID,
    other_id: UUID | None = None,
    is_child: bool = False,
    lines: tuple[str, ...] = (),
) -> None:
    """A letter without a code for the next print run, once for each answer; in the context of the person.

    `lines`: name and postal address, kept sealed for somebody whose own are in the archive by then.
    """
    if Case.objects.filter(person_id=person_id, kind=LETTER, other_id=other_id, settled_at=None).exists():
        return
    case_id = new_id()
    details: dict[str, object] = {"to": str(to), "fact": "", "told": kind, "is_child": is_child}
    if lines:
        plain = json.dumps(lines, ensure_ascii=False).encode()
        details["sealed"] = vault.journal_sealer(person_id).seal(plain, item=case_id, part=PART).hex()
    Case.objects.create(
        person_id=person_id, id=case_id, kind=LETTER, other_id=other_id, details=details, opened_at=clock.now()
    )


def words_of(case: Case, language: str) -> Words:
    """The words of such a letter."""
    return short_mail.answered(str(case.details["told"]), is_child=bool(case.details["is_child"]), language=language)


def sealed_lines(case: Case) -> tuple[str, ...]:
    """The name and address that came with the order; () when the register's count."""
    sealed = str(case.details.get("sealed", ""))
    if not sealed:
        return ()
    set_context(case.person_id)
    plain = vault.journal_sealer(case.person_id).unseal(bytes.fromhex(sealed), item=case.id, part=PART)
    return tuple(json.loads(plain))


def paper_address(person_id: UUID, who: Identity) -> tuple[str, ...]:
    """Name and postal address of the person of the context, as the register has them; () without one."""
    row = Enrollee.objects.filter(person_id=person_id, id=person_id).first()
    if row is None or not row.sealed:
        return ()
    plain = vault.sealer(person_id).unseal(bytes(row.sealed), item=person_id, part=addressees.PART)
    lines = addressees.lines(orjson.loads(plain))
    return (who.name, *lines) if lines else ()
