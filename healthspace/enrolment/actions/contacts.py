"""The holder's own address, confirmed by eight digits sent to it (security 3.4)."""

from __future__ import annotations

import hmac
import json
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Invalid
from healthspace.enrolment.actions import claims
from healthspace.enrolment.actions.lines import journal
from healthspace.enrolment.adapters import short_mail
from healthspace.enrolment.models import Contact
from healthspace.enrolment.rules import delays
from healthspace.enrolment.rules.claims import Claim, TooSoon
from healthspace.people import actions as people
from healthspace.people.rules import TooManyTries
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces import reads as space_reads
from healthspace.spaces.rules import email_fault
from healthspace.vault import reads as vault

LASTS: Final = timedelta(minutes=delays.CONTACT_MINUTES)
PAUSE: Final = timedelta(seconds=delays.CONTACT_PAUSE_SECONDS)
MOST_WRONG: Final = delays.CONTACT_WRONG_TRIES
DIGITS: Final = delays.CONTACT_DIGITS
HOUR: Final = timedelta(hours=1)
PART: Final = "contact-check:1"


def send_contact_code(claim: Claim, *, email: str, language: str) -> None:
    """Send eight digits to the address the holder of a claim wants to be told at.

    Invalid for what is no address; TooSoon within 30 s of the last, after three an hour to one address or
    five of one claim (T06); Unavailable when no mail can be sent.
    """
    if email_fault(email):
        raise Invalid("email", "T53", "This is not one e-mail address.", "Give one address, such as name@example.org.")
    digits, at = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}", clock.now()
    with transaction.atomic():
        set_context(claim.person_id)
        own = Contact.objects.filter(person_id=claim.person_id, id=claim.code_id)
        last = own.select_for_update(of=("self",)).first()
        if last is not None and at < last.sent_at + PAUSE:
            raise TooSoon(int((last.sent_at + PAUSE - at).total_seconds()) + 1)
        _count_send(claim, email, at)
        plain = json.dumps({"email": email, "digits": digits}).encode()
        sealed = vault.sealer(claim.person_id).seal(plain, item=claim.code_id, part=PART)
        own.delete()
        Contact.objects.create(
            person_id=claim.person_id, id=claim.code_id, sealed=sealed, sent_at=at, expires_at=at + LASTS
        )
    short_mail.send(email, short_mail.digits(digits, language=language))  # nothing is held while the server answers


def _count_send(claim: Claim, email: str, at: datetime) -> None:
    """One send more; a send too many is not counted, being rolled back with its TooSoon."""
    address = vault.find_key("contact-sent", email.lower())
    own = vault.find_key("contact-sent", str(claim.code_id))
    try:
        people.count_try(own, most=delays.CONTACT_SENDS_OF_CLAIM, wait=HOUR, at=at)
        people.count_try(address, most=delays.CONTACT_SENDS_AN_HOUR, wait=HOUR, at=at)
    except TooManyTries as many:
        raise TooSoon(claims.wait(many, at)) from None


def confirm_contact(claim: Claim, *, digits: str) -> bool:
    """True when these are the digits that were sent, within ten minutes and five tries."""
    at = clock.now()
    with transaction.atomic():
        set_context(claim.person_id)
        own = Contact.objects.filter(person_id=claim.person_id, id=claim.code_id)
        row = own.select_for_update(of=("self",)).first()
        if row is None or at >= row.expires_at or row.wrong_tries >= MOST_WRONG:
            return False
        is_right = hmac.compare_digest(_opened(claim, row)["digits"].encode(), _plain(digits).encode())
        if is_right:
            own.update(confirmed_at=at)
        else:
            own.update(wrong_tries=row.wrong_tries + 1)
        return is_right


def take_confirmed(*, actor: Actor, claim: Claim, phone: str) -> None:
    """Keep the confirmed address as the holder's own, in the transaction of the activation."""
    own = Contact.objects.filter(person_id=claim.person_id, id=claim.code_id, confirmed_at__isnull=False)
    row = own.first()
    known = space_reads.identity(claim.person_id)
    email = _opened(claim, row)["email"] if row else known.email
    if row is not None:
        journal(claim.person_id, actor, "contact_confirmed", "ENR-2")
    if (email, phone or known.phone) != (known.email, known.phone):
        spaces.change_contact(actor=actor, person_id=claim.person_id, email=email, phone=phone or known.phone)
    Contact.objects.filter(person_id=claim.person_id, id=claim.code_id).delete()


def _opened(claim: Claim, row: Contact) -> dict[str, str]:
    plain = vault.sealer(claim.person_id).unseal(bytes(row.sealed), item=claim.code_id, part=PART)
    found: dict[str, str] = json.loads(plain)
    return found


def _plain(digits: str) -> str:
    return "".join(c for c in digits[:40] if c.isdecimal())
