"""Eight digits go to an address a few times only: nobody mails a stranger all day with one code (T06, T07)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from healthspace.common import clock
from healthspace.enrolment.actions import answers
from healthspace.enrolment.rules.claims import TooSoon
from tests.rooms import letters


def sent_to(address: str) -> int:
    return sum(address in message.to for message in mail.outbox)


def test_send_contact_code__three_an_hour_to_one_address() -> None:
    start, claims = clock.now(), [letters.told().claim() for _ in range(4)]
    address = f"somebody.{claims[0].code_id.hex}@example.org"
    for claim in claims[:3]:
        answers.send_contact_code(claim, email=address, language="fr")
    with pytest.raises(TooSoon):
        answers.send_contact_code(claims[3], email=address.upper(), language="fr")
    assert sent_to(address) == 3
    with time_machine.travel(start + timedelta(minutes=61), tick=True):
        answers.send_contact_code(claims[3], email=address, language="fr")


def test_send_contact_code__five_of_one_claim_whatever_the_address() -> None:
    start, claim = clock.now(), letters.told().claim()
    for number in range(5):
        with time_machine.travel(start + timedelta(minutes=number), tick=True):
            answers.send_contact_code(claim, email=f"n{number}.{claim.code_id.hex}@example.org", language="fr")
    with time_machine.travel(start + timedelta(minutes=6), tick=True), pytest.raises(TooSoon):
        answers.send_contact_code(claim, email=f"n6.{claim.code_id.hex}@example.org", language="fr")
