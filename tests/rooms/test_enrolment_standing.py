"""Waves that end by themselves, newcomers told without a plan, and people whom a stopped wave leaves free."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.enrolment.actions import batches, sending, standing, undelivered, waves
from healthspace.enrolment.models import Batch, Code, Wave
from healthspace.enrolment.reads import waves as reads
from healthspace.schema.context import set_context
from healthspace.spaces.models import Space
from tests.factories import enrollees
from tests.factories.mail_server import Sink, sink
from tests.rooms.test_enrolment_waves import listed

pytestmark = pytest.mark.usefixtures("as_worker")


@pytest.fixture
def server(settings: Settings) -> Iterator[Sink]:
    with sink() as kept:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", kept.port
        settings.BOUNCE_ADDRESS = "bounces@healthspace.example"
        yield kept


@pytest.fixture
def department() -> Iterator[str]:
    """A small department that no other test takes for a whole wave; left as it was found."""
    yield "975"
    Wave.objects.filter(departments=["975"]).update(state="stopped")
    standing.free_stopped()


def of_department(code: str) -> int:
    wave_id = waves.plan(actor=SYSTEM, name=secrets.token_hex(6), departments=[code], starts_on=clock.today())
    waves.start(actor=SYSTEM, wave_id=wave_id)
    return wave_id


def told_all(wave_id: int) -> None:
    batches.draft(wave_id)
    sending.send_mails(wave_id)


def state_of(wave_id: int) -> str:
    return Wave.objects.get(id=wave_id).state


def test_wave__is_done_once_everybody_was_told(server: Sink) -> None:
    one = enrollees.adult()
    wave_id = listed(one)
    assert not standing.finish(wave_id)
    batches.draft(wave_id)
    assert not standing.finish(wave_id)
    sending.send_mails(wave_id)
    assert standing.finish(wave_id)
    assert state_of(wave_id) == "done"
    assert not standing.finish(wave_id)
    waves.stop(actor=SYSTEM, wave_id=wave_id)
    assert state_of(wave_id) == "stopped"


def test_wave__people_nobody_can_reach_do_not_hold_it(server: Sink) -> None:
    one, lost, later = enrollees.adult(), enrollees.adult(email="", address={}), enrollees.adult()
    wave_id = listed(one, lost, later)
    Space.objects.filter(person_id=later.person_id).update(state="opposed")
    told_all(wave_id)
    assert standing.finish(wave_id)


def test_newcomers__are_told_by_the_standing_wave_without_a_plan(server: Sink, department: str) -> None:
    first = enrollees.adult(department=department)
    wave_id = of_department(department)
    told_all(wave_id)
    assert standing.finish(wave_id)
    newborn = enrollees.child(first, department=department)
    arrived = enrollees.adult(department=department)
    elsewhere = enrollees.adult(department="974")
    assert standing.gather() >= 2
    newcomers = reads.by_name(standing.NAME)
    assert enrollees.row(elsewhere.person_id).wave_id is None
    told_all(newcomers)
    assert {enrollees.space(one.person_id).state for one in (newborn, arrived)} == {"informed"}
    assert enrollees.row(newborn.person_id).wave_id == newcomers
    assert len(server.to(first.identity.email)) == 2
    assert not standing.finish(newcomers)


def test_newcomers__a_mail_that_came_back_after_the_end_is_a_letter_of_the_standing_wave(server: Sink) -> None:
    one = enrollees.adult()
    wave_id = listed(one)
    told_all(wave_id)
    assert standing.finish(wave_id)
    row = enrollees.row(one.person_id)
    undelivered.note(row.batch_id or 0, row.place_in_batch or 0, way="bounced")
    standing.gather()
    newcomers = reads.by_name(standing.NAME)
    batches.draft(newcomers)
    row = enrollees.row(one.person_id)
    assert (row.wave_id, row.channel, row.information) == (newcomers, "post", "prepared")


def test_stop__whoever_was_told_and_silent_is_told_anew_by_a_later_wave(server: Sink) -> None:
    silent, refused, untold = (enrollees.adult() for _ in range(3))
    wave_id = listed(silent, refused)
    told_all(wave_id)
    Space.objects.filter(person_id=refused.person_id).update(state="opposed")
    waves.take_list(actor=SYSTEM, wave_id=wave_id, numbers=[untold.identity.ins])
    before = enrollees.row(silent.person_id)
    assert waves.stop(actor=SYSTEM, wave_id=wave_id) >= 1
    assert enrollees.row(refused.person_id).batch_id is not None
    assert reads.person_at(before.batch_id or 0, before.place_in_batch or 0) == silent.person_id
    later = listed(silent, refused, untold)
    Space.objects.filter(person_id=silent.person_id).update(deadline_at=clock.now() + timedelta(days=1))
    told_all(later)
    assert {enrollees.row(one.person_id).wave_id for one in (silent, untold)} == {later}
    assert enrollees.row(refused.person_id).wave_id == wave_id
    assert enrollees.space(silent.person_id).deadline_at > clock.now() + timedelta(days=40)  # type: ignore[operator]
    with transaction.atomic():
        set_context(silent.person_id)
        alive = Code.objects.filter(person_id=silent.person_id, used_at=None, replaced_at=None)
        assert [code.batch_id for code in alive] == [enrollees.row(silent.person_id).batch_id]
    assert standing.free_stopped() == 0


def test_stop__after_a_crash_in_the_middle_loses_nobody(server: Sink) -> None:
    told, untold = enrollees.adult(), enrollees.adult()
    wave_id = listed(told, untold)
    batches.draft(wave_id)
    Batch.objects.filter(wave_id=wave_id).update(sent_up_to=1)  # as a kill after the first mail leaves it
    waves.stop(actor=SYSTEM, wave_id=wave_id)
    sending.send_mails(wave_id)
    standing.free_stopped()
    assert {enrollees.row(one.person_id).batch_id for one in (told, untold)} == {None}
    assert {card.state for card in reads.batches(wave_id)} <= {"sent", "cancelled"}
    assert server.mails == []
