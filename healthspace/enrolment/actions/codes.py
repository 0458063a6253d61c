"""Provisional codes: for a whole batch at once, and a new one for whoever shows their card (ENR-4, ENR-5)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from healthspace.common import clock, fault
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Refused
from healthspace.common.ids import NIL, new_id
from healthspace.enrolment import events
from healthspace.enrolment.actions import claims
from healthspace.enrolment.actions.lines import journal
from healthspace.enrolment.adapters import copying, short_mail
from healthspace.enrolment.models import Case, Code, Enrollee
from healthspace.enrolment.reads import claims as reads
from healthspace.enrolment.rules import claims as rules
from healthspace.enrolment.rules import codes, delays, window
from healthspace.enrolment.rules.claims import TooSoon
from healthspace.outbox import actions as outbox
from healthspace.people import actions as people
from healthspace.people import reads as directory
from healthspace.people.rules import TooManyTries
from healthspace.schema.context import set_context
from healthspace.schema.many import Persons, read_by_key
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import Identity
from healthspace.vault import reads as vault

ANSWER: Final = "answer"
UNDO: Final = "undo"
RECOVER: Final = "recover"  # by letter to the person alone: never by mail, never for a minor (T13, T21)
LETTER_DUE: Final = "code_letter"
OWN_WAY_LETTER: Final = "own_way_letter"
ANSWERABLE: Final = frozenset({"not_informed", "informed", "opposed", "open_inactive"})
_FRESH: Final = (
    "CREATE TEMP TABLE IF NOT EXISTS fresh_code (person_id uuid, id uuid, code_key bytea) ON COMMIT DELETE ROWS"
)
_COPY: Final = "COPY fresh_code (person_id, id, code_key) FROM STDIN (FORMAT BINARY)"
_REPLACE: Final = (
    "UPDATE enrolment_code SET replaced_at = %s WHERE person_id = ANY(%s::uuid[]) AND purpose = %s"
    " AND used_at IS NULL AND replaced_at IS NULL AND batch_id IS DISTINCT FROM %s"
)
_ADD: Final = (
    "INSERT INTO enrolment_code (person_id, id, purpose, code_key, issued_at, expires_at, batch_id)"
    " SELECT person_id, id, %s, code_key, %s, %s, %s FROM fresh_code ORDER BY person_id"
    " ON CONFLICT (person_id, purpose) WHERE used_at IS NULL AND replaced_at IS NULL DO NOTHING"
)
PORTION: Final = 20_000


def issue_all(person_ids: Iterable[UUID], *, batch_id: int, secret: bytes, at: datetime) -> int:
    """A code for each person of a batch, the older ones dead; how many are new. For the worker's role.

    In the caller's transaction. The plain codes come again from `rules.codes.derive(secret, person_id)`;
    running twice for a batch changes nothing. They run six weeks from `at`; from the real sending once it is known
    (`informing.inform`).
    """
    done, every = 0, list(person_ids)
    for start in range(0, len(every), PORTION):
        done += _issue(every[start : start + PORTION], batch_id, secret, at)
    return done


def _issue(person_ids: list[UUID], batch_id: int, secret: bytes, at: datetime) -> int:
    # Before the COPY: looking at the keys asks the database, which would wait for the end of the COPY for ever.
    rows = _rows(person_ids, secret)
    with transaction.atomic(), connection.cursor() as cursor:
        read_by_key()
        cursor.execute(_FRESH)
        with connection.wrap_database_errors, cursor.copy(_COPY) as copy:
            copy.write(rows)
        cursor.execute(_REPLACE, [at, Persons.of(person_ids).array, ANSWER, batch_id])
        cursor.execute(_ADD, [ANSWER, at, window.code_expires(at), batch_id])
        done = int(cursor.rowcount)
        cursor.execute("TRUNCATE fresh_code")
    fault.point("codes.issued")
    return done


def _rows(person_ids: list[UUID], secret: bytes) -> bytes:
    """Rows of COPY: the person, a fresh id (UUID version 4), the keyed hash of the code."""
    find, fresh = vault.finder("code"), os.urandom(16 * len(person_ids))
    rows = [copying.HEAD]
    for place, person_id in enumerate(person_ids):
        drawn = fresh[16 * place : 16 * place + 16]
        code_id = drawn[:6] + bytes((0x40 | drawn[6] & 0x0F, drawn[7], 0x80 | drawn[8] & 0x3F)) + drawn[9:]
        key = find(codes.hashed(person_id, codes.derive(secret, person_id)).encode())
        rows.append(copying.code_row(person_id.bytes, code_id, key))
    rows.append(copying.END)
    return b"".join(rows)


def issue_one(*, person_id: UUID, purpose: str, code: str, at: datetime, expires_at: datetime) -> UUID:
    """One code in place of the living one, in the transaction of its person; the id of the row."""
    living = Code.objects.filter(person_id=person_id, purpose=purpose, used_at=None, replaced_at=None)
    living.update(replaced_at=at)
    code_id = new_id()
    Code.objects.create(
        person_id=person_id,
        id=code_id,
        purpose=purpose,
        code_key=vault.find_key("code", codes.hashed(person_id, code)),
        issued_at=at,
        expires_at=expires_at,
    )
    return code_id


def end_codes(person_id: UUID, at: datetime) -> None:
    """Every living code of a person is dead: there is an account now, and no older letter or mail may open it (T13)."""
    Code.objects.filter(person_id=person_id, used_at=None, replaced_at=None).update(replaced_at=at)


def request_new(*, matricule: str, serial: str, born_on: date, source: str) -> None:
    """Ask for a new code with the health card; the same for everybody, whether or not anything leaves (T03).

    Invalid for what cannot be a number or a serial; TooSoon within 30 s of the last request for this pair,
    or when a source asks too often. If all three fit, the worker sends a mail or orders a letter.
    """
    number = rules.number(matricule, allow_test=spaces.accepts_tests())
    card = rules.card_serial(serial)
    at = clock.now()
    pair = vault.find_key("code-asked", f"{number}|{born_on.isoformat()}")
    with transaction.atomic(durable=True):
        try:
            claims.count_source(source, at)
            people.count_try(pair, most=1, wait=timedelta(seconds=delays.PAUSE_SECONDS), at=at)
        except TooManyTries as many:
            wait = claims.wait(many, at)
        else:
            _ask(number, card, born_on, at)
            return
    raise TooSoon(wait)


def _ask(number: str, card: str, born_on: date, at: datetime) -> None:
    """A fact for each person who fits (twins: both); else one about nobody, so that the work is the same."""
    found = reads.candidates(matricule=number, born_on=born_on, at=at, today=clock.today(), card_serial=card)
    fitting = [one for one in found if one.is_born_then and one.has_card]
    for person_id, owner_id in [(one.person_id, one.owner_id) for one in fitting] or [(NIL, NIL)]:
        set_context(person_id)
        outbox.publish(person_id=person_id, fact=events.CodeAsked(person_id, at, owner_id))


def send_new(*, person_id: UUID, answers_for: UUID, fact_id: UUID) -> str:
    """Send the code that was asked for, or order its letter; "mail", "letter" or "" (nothing to answer).

    For the dispatcher, in its transaction of this person. At most three codes go by mail in 30 days, then
    by letter only. The code comes from the fact, so a second try sends the very same one.
    """
    if person_id == NIL:
        return ""
    at = clock.now()
    try:
        state = spaces.state(person_id)
    except Refused:
        return ""
    if is_lost(person_id, state.state):
        if is_for_a_desk(person_id):
            return ""
        order_letter(person_id, LETTER_DUE, at, to=person_id)
        return "letter"
    if is_without_way(person_id, state.state):
        order_letter(person_id, OWN_WAY_LETTER, at, to=person_id)
        return "letter"
    if state.state not in ANSWERABLE:
        return ""
    who = spaces.identity(person_id)
    told_id = _told_for(person_id, answers_for, who)
    address = mail_of(told_id)
    set_context(person_id)
    if not address or _renewals(person_id, at) >= delays.RENEWALS:
        order_letter(person_id, LETTER_DUE, at, to=told_id)
        return "letter"
    code = fresh_code(person_id, fact_id)
    issue_one(person_id=person_id, purpose=ANSWER, code=code, at=at, expires_at=window.code_expires(at))
    journal(person_id, SYSTEM, "code_sent", "ENR-5")
    is_child = rules.is_minor(who.traits.born_on, clock.today())
    words = short_mail.new_code(code, is_child=is_child, state=state.state, language=state.language)
    short_mail.send(address, words, message_id=fact_id)
    fault.point("codes.sent")
    return "mail"


def is_lost(person_id: UUID, state: str) -> bool:
    """True where a code gives a lost account back; it goes by letter alone, whoever reads the mailbox (T13)."""
    return state == "active" and directory.account_of_person(person_id) is not None


def is_for_a_desk(person_id: UUID) -> bool:
    """True for a minor: a parent holds the number, the card and the letter box that a lost account comes back by."""
    return rules.is_minor(spaces.identity(person_id).traits.born_on, clock.today())


def is_without_way(person_id: UUID, state: str) -> bool:
    """True for an adult whose parents used the space until the eighteenth birthday, and who has no sign-in yet.

    The letter of that day may be lost or too old. In the context of the person.
    """
    if state != "active" or directory.account_of_person(person_id) is not None:
        return False
    return not rules.is_minor(spaces.identity(person_id).traits.born_on, clock.today())


def fresh_code(person_id: UUID, fact_id: UUID) -> str:
    """The code of a fact: made under the root key, so nothing of it is kept."""
    return codes.derive(vault.find_key("fresh-code", str(fact_id)), person_id)


def _told_for(person_id: UUID, answers_for: UUID, who: Identity) -> UUID:
    """A child's code goes to the parent whose card was shown, else to the parent of attachment (ENR-7)."""
    if answers_for != person_id or not rules.is_minor(who.traits.born_on, clock.today()):
        return answers_for
    row = Enrollee.objects.filter(person_id=person_id, id=person_id).first()
    return (row.parent_id if row else None) or person_id


def mail_of(person_id: UUID) -> str:
    """The mail of a person as the insurer or they themselves gave it; leaves their context set."""
    set_context(person_id)
    try:
        return spaces.identity(person_id).email
    except (Refused, vault.KeyDestroyed):
        return ""


def _renewals(person_id: UUID, at: datetime) -> int:
    since = at - timedelta(days=delays.RENEWAL_DAYS)
    asked = Code.objects.filter(person_id=person_id, purpose=ANSWER, batch_id=None, issued_at__gt=since)
    return asked.count()


def order_letter(
    person_id: UUID, kind: str, at: datetime, *, to: UUID, other_id: UUID | None = None, fact_id: UUID | None = None
) -> None:
    """A letter to somebody about something (`other_id`), with the next print run; ordered only once for each."""
    waiting = Case.objects.filter(person_id=person_id, kind=kind, other_id=other_id, settled_at=None)
    if not waiting.filter(details__to=str(to)).exists():
        details = {"to": str(to), "fact": str(fact_id or "")}
        Case.objects.create(
            person_id=person_id, id=new_id(), kind=kind, other_id=other_id, details=details, opened_at=at
        )
