"""Mails that are never made: they are not counted as sent, and say nothing of the mail server."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import transaction

from healthspace.common.actor import SYSTEM
from healthspace.enrolment.actions import sending
from healthspace.enrolment.rules.sending import REFUSALS_IN_A_ROW
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces import reads as space_reads
from healthspace.spaces.models import Space
from healthspace.vault import reads as vault
from tests.factories import enrollees
from tests.factories.enrollees import Enrolled
from tests.factories.mail_server import Sink
from tests.rooms.test_enrolment_sending import drafted, server

__all__ = ["server"]
pytestmark = pytest.mark.usefixtures("as_worker")


@pytest.mark.parametrize("per_day", [2, None])
def test_send__who_answered_meanwhile_counts_neither_as_sent_nor_against_the_pace(
    server: Sink, per_day: int | None
) -> None:
    people = [enrollees.adult() for _ in range(4)]
    wave_id = drafted(*people, per_day=per_day)
    for one in people[:2]:
        Space.objects.filter(person_id=one.person_id).update(state="opposed")
    report = sending.send_mails(wave_id)
    assert (report.sent, report.refused, report.stopped) == (2, 0, "")
    assert sorted(to for _, to, _ in server.mails) == sorted(one.identity.email for one in people[2:])
    assert {enrollees.row(one.person_id).information for one in people[:2]} == {"none"}


def test_send__addresses_the_register_took_back_are_not_the_server_refusing_us(server: Sink) -> None:
    gone = [enrollees.adult() for _ in range(REFUSALS_IN_A_ROW + 1)]
    last = enrollees.adult()
    wave_id = drafted(*gone, last)
    for one in gone:
        _take_address_back(one)
    report = sending.send_mails(wave_id)
    assert (report.sent, report.refused, report.stopped) == (1, 0, "")
    assert server.to(last.identity.email)
    rows = [enrollees.row(one.person_id) for one in gone]
    assert {(row.channel, row.information, row.batch_id) for row in rows} == {("post", "bounced", None)}


def _take_address_back(person: Enrolled) -> None:
    plain = space_reads.to_bytes(replace(person.identity, email=""))
    with transaction.atomic():
        set_context(person.person_id)
        sealed = vault.sealer(person.person_id).seal(plain, item=person.person_id, part=space_reads.PART)
        Space.objects.filter(person_id=person.person_id).update(sealed_identity=sealed)


@pytest.mark.parametrize("state", ["opposed", "active"])
def test_send__a_parent_who_answered_meanwhile_is_still_told_of_the_child(server: Sink, state: str) -> None:
    parent = enrollees.adult()
    child = enrollees.child(parent)
    wave_id = drafted(parent, child)
    Space.objects.filter(person_id=parent.person_id).update(state=state)
    report = sending.send_mails(wave_id)
    assert (report.sent, report.informed) == (1, 1)
    assert server.to(parent.identity.email)
    assert enrollees.row(child.person_id).information == "sent"
    assert enrollees.row(parent.person_id).information == "none"


@pytest.mark.parametrize("end", ["death", "closing"])
def test_send__a_child_whose_parent_is_gone_is_not_told_by_a_mail_that_never_left(server: Sink, end: str) -> None:
    parent = enrollees.adult()
    child = enrollees.child(parent)
    wave_id = drafted(parent, child)
    if end == "death":
        spaces.note_death(actor=SYSTEM, person_id=parent.person_id)
    else:
        Space.objects.filter(person_id=parent.person_id).update(state="active")
        spaces.close(actor=SYSTEM, person_id=parent.person_id)
    assert sending.send_mails(wave_id).informed == 0
    assert not server.mails
    row = enrollees.row(child.person_id)
    assert (row.information, row.batch_id) == ("none", None)
