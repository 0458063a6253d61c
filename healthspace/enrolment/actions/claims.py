"""Proving with a number, a birth date and a code that a letter arrived (T01-T03)."""

from __future__ import annotations

import hmac
import secrets
from datetime import date, datetime
from math import ceil
from typing import Final
from uuid import UUID

from django.db import transaction

from healthspace.common import clock
from healthspace.common.actor import ANONYMOUS, Actor
from healthspace.enrolment.actions.lines import journal
from healthspace.enrolment.reads import claims as reads
from healthspace.enrolment.reads.claims import Candidate, Claim, NotAccepted, TooSoon
from healthspace.enrolment.rules import claims as rules
from healthspace.enrolment.rules import codes, delays
from healthspace.enrolment.rules.claims import KeptCode
from healthspace.people import actions as people
from healthspace.people.rules import TooManyTries
from healthspace.schema.context import entering_sql
from healthspace.schema.message import call, send
from healthspace.spaces import reads as spaces
from healthspace.vault import reads as vault

_NATION_SHARDS: Final = 32
# Counted before it is compared, so that guesses at the same moment cannot slip through.
_COUNT: Final = (
    "UPDATE enrolment_code SET wrong_tries = wrong_tries + 1 WHERE person_id = %s AND %s"
    " AND used_at IS NULL AND replaced_at IS NULL AND expires_at > %s AND wrong_tries <= %s"
)
_TAKE_BACK: Final = (
    "UPDATE enrolment_code SET wrong_tries = wrong_tries - 1 WHERE person_id = %s AND wrong_tries > 0"
    " AND used_at IS NULL AND replaced_at IS NULL AND expires_at > %s"
)


class _Alarm:
    until: datetime | None = None


def check(*, matricule: str, born_on: date, code: str, source: str) -> Claim:
    """What the holder of this code may answer now; for the public pages, before anybody is signed in.

    Invalid for what cannot be a number or a code; TooSoon when a source or pair tries too often;
    NotAccepted otherwise: "unknown" for whatever does not fit, the true reason only with a right code.
    """
    number = rules.number(matricule, allow_test=spaces.accepts_tests())
    signs = codes.normalise(code)
    with transaction.atomic(durable=True):
        found = _weigh(number, born_on, signs, source, clock.now())
    if isinstance(found, NotAccepted):
        raise found
    return found


def _weigh(number: str, born_on: date, signs: str, source: str, at: datetime) -> Claim | NotAccepted:
    pair = vault.find_key("pair", f"{number}|{born_on.isoformat()}")
    try:
        count_source(source, at)
        people.count_try(pair, most=rules.MOST_PER_PAIR, wait=rules.TRIES_WAIT, at=at)
    except TooManyTries as many:
        return TooSoon(wait(many, at))
    today = clock.today()
    right: tuple[Candidate, KeptCode] | None = None
    fitting: list[UUID] = []
    for candidate in reads.candidates(matricule=number, born_on=born_on, at=at, today=today):
        if candidate.is_born_then:
            fitting.append(candidate.person_id)
        right = _compare(candidate, signs, at) or right
    if right is None:
        _count_wrong(at)
        return NotAccepted("unknown")
    for person_id in fitting:
        send(f"{entering_sql(person_id, at=at)}; {call(_TAKE_BACK, [person_id, at])}")
    people.forgive_tries(pair)
    forgive_source(source)
    candidate, code = right
    return reads.claim_of(candidate=candidate, code=code, at=at, today=today)


def _compare(candidate: Candidate, signs: str, at: datetime) -> tuple[Candidate, KeptCode] | None:
    """Count a try on every living code of a fitting candidate, then look for the right one among all."""
    person_id = candidate.person_id
    values = [person_id, candidate.is_born_then, at, delays.WRONG_TRIES]
    send(f"{entering_sql(person_id, at=at)}; {call(_COUNT, values)}")
    key = vault.find_key("code", codes.hashed(person_id, signs))
    kept = reads.codes_of(person_id)
    found = next((code for code in kept if candidate.is_born_then and hmac.compare_digest(code.key, key)), None)
    if found is not None:
        return candidate, found
    if candidate.is_born_then:
        _tell_locked(person_id, kept, at)
    return None


def _tell_locked(person_id: UUID, kept: list[KeptCode], at: datetime) -> None:
    """The fifth wrong try is the last: one line for the person."""
    for code in kept:
        is_living = not (code.is_used or code.is_replaced) and code.expires_at > at
        if is_living and code.wrong_tries == delays.WRONG_TRIES:
            try:
                journal(person_id, ANONYMOUS, "code_locked", "T01")
            except vault.KeyDestroyed:  # nobody reads on, and the answer must be the same (T03)
                return


def count_source(source: str, at: datetime) -> None:
    """Count a try of this source; TooManyTries sooner while the whole nation types too many wrong ones."""
    if not source:
        return
    is_alarm = _Alarm.until is not None and at < _Alarm.until
    most = rules.MOST_PER_SOURCE_IN_ALARM if is_alarm else rules.MOST_PER_SOURCE
    people.count_try(vault.find_key("code-source", source), most=most, wait=rules.TRIES_WAIT, at=at)


def desk_source(agent: Actor) -> str:
    """The source that an agent's tries count against."""
    return f"agent:{agent.id}"


def forgive_source(source: str) -> None:
    """The try was right: it does not count against the source."""
    if source:
        people.take_back_try(vault.find_key("code-source", source))


def _count_wrong(at: datetime) -> None:
    """One wrong try more in the nation, spread over rows so that they do not wait for one another."""
    key = vault.find_key("code-nation", str(secrets.randbelow(_NATION_SHARDS)))
    try:
        people.count_try(key, most=rules.MOST_PER_NATION // _NATION_SHARDS, wait=rules.TRIES_WAIT, at=at)
    except TooManyTries as many:
        _Alarm.until = many.retry_at


def wait(many: TooManyTries, at: datetime) -> int:
    """Seconds until the next try, at least one."""
    return max(1, ceil((many.retry_at - at).total_seconds()))
